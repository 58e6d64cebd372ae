"""Which files something that is kept points at."""

import re
from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from store import models
from store.reread import UNLISTED

_SHA256 = re.compile(r"[0-9a-f]{64}")
_BATCH = 500


def is_file_name(name: str) -> bool:
    """Whether a kept file could be called that."""
    return bool(_SHA256.fullmatch(name))


def held_files(without: int | None = None) -> dict[str, tuple[int | None, str]]:
    """SHA-256 -> (size in bytes where it is known, whose it is in words) of each file that a
    revision or an issue points at; of all but the notice `without`."""
    found: dict[str, tuple[int | None, str]] = {}
    for sha256, size, said in _pointed(without):
        found.setdefault(sha256, (size, said))
    return found


def _pointed(without: int | None) -> Iterator[tuple[str, int | None, str]]:
    listed = models.Attachment.objects.exclude(sha256="").exclude(revision__notice=without)
    named = listed.order_by("pk").values_list("sha256", "size", "revision__notice__address")
    for sha256, size, address in named.iterator(chunk_size=_BATCH):
        yield sha256, size, address
    # what an earlier reading listed comes back when it is found again
    put_by = models.Revision.objects.filter(Q(facts__has_key=UNLISTED)).exclude(notice=without)
    for facts, address in put_by.values_list("facts", "notice__address").iterator(
        chunk_size=_BATCH
    ):
        for file in facts[UNLISTED]:
            if file.get("sha256"):
                yield file["sha256"], file.get("size"), address
    for printed, number in models.Entry.objects.values_list("printed", "issue__number").iterator(
        chunk_size=_BATCH
    ):
        for sha256 in _hashes(printed):
            yield sha256, None, f"issue {number}"


def _hashes(value: Any) -> Iterator[str]:
    """Every hash in what an imported issue's entry says."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _hashes(one)
    elif isinstance(value, str) and is_file_name(value):
        yield value
