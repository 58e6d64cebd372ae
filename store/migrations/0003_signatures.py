"""Fingerprints, bands and keys of the notices that were kept before there were any.

Families stay as they are: two notices of old nights that are one document by their bodies alone
join when either is revised or read again (`kuaixun reread`). To join them here would move what
editors have already looked through, and reopen nothing to tell them.
"""

import struct
from functools import partial
from typing import Any

from django.db import migrations, models

_BATCH = 200


def sign(apps: Any, schema_editor: Any) -> None:
    from store.likeness import Face
    from store.topics import topic_key

    Notice, Revision, Signature, Band = (
        apps.get_model("store", name).objects.using(schema_editor.connection.alias)
        for name in ("Notice", "Revision", "Signature", "Band")
    )
    newest = Revision.filter(notice=models.OuterRef("pk")).order_by("-number")
    todo = Notice.annotate(text=models.Subquery(newest.values("text")[:1])).order_by("pk")
    last = 0
    while batch := list(todo.filter(pk__gt=last)[:_BATCH]):
        last = batch[-1].pk
        signatures, bands = [], []
        for notice in batch:
            text = notice.text or ""
            face = Face(notice.title, notice.doc_number, read=partial(str, text))
            keys = sorted(set(face.bands))
            packed = struct.pack(f"<{len(keys)}q", *keys)
            signatures.append(
                Signature.model(notice=notice, hashes=face.fingerprint.packed, bands=packed)
            )
            bands += [Band.model(key=key, notice=notice) for key in keys]
            notice.number_key, notice.title_key = face.number_key, face.title_key
            notice.topic_key = topic_key(notice.title)
        Notice.bulk_update(batch, ["number_key", "title_key", "topic_key"])
        Signature.bulk_create(signatures)
        Band.bulk_create(bands)
    # with whom each was compared was not kept; it is told when its family changes next
    for words, how in (("文号", "number"), ("标题", "title")):
        Notice.filter(joined_by__startswith=words).update(joined_how=how)


class Migration(migrations.Migration):
    dependencies = [("store", "0002_families_and_revisions")]

    operations = [migrations.RunPython(sign, migrations.RunPython.noop)]
