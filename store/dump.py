"""All that is kept, written so that two databases can be compared."""

import datetime as dt
import hashlib
import json
from collections import Counter
from typing import Any

from django.apps import apps
from django.db.models import BinaryField, ForeignKey, Model
from django.utils import timezone

from store import models

Record = dict[str, Any]

# Clock readings, and measurements of a run: they differ between two runs that did the same.
_MEASURED = {
    "Night": {"now", "archive", "started", "finished"},
    "Outcome": {"requests", "watched", "not_modified", "seconds", "stopped"},
    "ReviewEvent": {"at"},
    "Tombstone": {"at"},
}
_DERIVED = (models.Band, models.EntryBand)  # follow from the signatures, sixteen rows each
_DAYS = {"first_listed", "last_listed", "gone"}  # the night's clock: its day is enough


def dump() -> dict[str, list[Record]]:
    """Every table but the users' and the bands', with names in place of keys and hashes in place of
    bytes, without clock readings, offsets of WARC records and measurements of runs, sorted: equal
    for two databases that hold the same."""
    names = _names()
    tables: dict[str, list[Record]] = {}
    for model in apps.get_app_config("store").get_models():
        if model is models.User or model in _DERIVED:
            continue
        records = [_record(kept, names) for kept in model._default_manager.order_by("pk")]
        if model is models.ReviewEvent:
            _number(records)
        tables[model.__name__] = sorted(records, key=lambda r: json.dumps(r, sort_keys=True))
    return dict(sorted(tables.items()))


def _names() -> dict[type[Model], dict[int, str]]:
    """What each thing that others point at is called; a family by the first of its notices."""
    notices = {
        pk: f"{source} {address}"
        for pk, source, address in models.Notice.objects.values_list(
            "pk", "source__name", "address"
        )
    }
    families: dict[int, str] = {}
    for pk, family in models.Notice.objects.values_list("pk", "family_id"):
        families[family] = min(notices[pk], families.get(family, notices[pk]))
    for pk, root in models.Family.objects.exclude(merged_into=None).values_list(
        "pk", "merged_into_id"
    ):
        families[pk] = f"merged into {families[root]}"
    columns = models.Column.objects.values_list("pk", "source__name", "name")
    revisions = models.Revision.objects.values_list("pk", "notice_id", "number")
    return {
        models.Source: dict(models.Source.objects.values_list("pk", "name")),
        models.Column: {pk: f"{source}/{name}" for pk, source, name in columns},
        models.Night: {n.pk: n.date.isoformat() for n in models.Night.objects.all()},
        models.Notice: notices,
        models.Revision: {pk: f"{notices[of]} #{number}" for pk, of, number in revisions},
        models.Family: families,
        models.Issue: dict(models.Issue.objects.values_list("pk", "number")),
        models.User: dict(models.User.objects.values_list("pk", "username")),
    }


def _record(kept: Model, names: dict[type[Model], dict[int, str]]) -> Record:
    record: Record = {}
    if type(kept) is models.Family:
        record["name"] = names[models.Family].get(kept.pk, "")
    for column in kept._meta.concrete_fields:
        name = column.name
        is_key = column.primary_key and not isinstance(column, ForeignKey)
        if is_key or name in _MEASURED.get(type(kept).__name__, ()):
            continue
        value = getattr(kept, column.attname)
        if isinstance(column, ForeignKey):
            value = None if value is None else names[column.related_model][value]
        elif isinstance(column, BinaryField):
            value = hashlib.sha256(value).hexdigest()[:16] if value else ""
        elif isinstance(value, dt.datetime):
            local = timezone.localtime(value)
            value = (local.date() if name in _DAYS else local).isoformat()
        elif isinstance(value, dt.date | dt.time):
            value = value.isoformat()
        elif name == "record":
            value = value.partition("#")[0]
        record[name] = value
    return record


def _number(events: list[Record]) -> None:
    """The order of a family's events, which their times told."""
    seen: Counter[str] = Counter()
    for event in events:
        event["place"] = seen[event["family"]]
        seen[event["family"]] += 1
