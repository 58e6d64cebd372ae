"""By what a notice that has run before is known again, for the entries of issues made before."""

import struct
from functools import partial
from typing import Any

from django.db import migrations, models


def fill(apps: Any, schema_editor: Any) -> None:
    from store.likeness import Face

    Entry, EntryBand, Revision, Signature = (
        apps.get_model("store", name).objects.using(schema_editor.connection.alias)
        for name in ("Entry", "EntryBand", "Revision", "Signature")
    )
    for entry in Entry.exclude(notice=None).select_related("notice").order_by("pk"):
        notice = entry.notice
        signature = Signature.filter(notice=notice).first()
        if signature:
            hashes, packed = bytes(signature.hashes), bytes(signature.bands)
            keys = struct.unpack(f"<{len(packed) // 8}q", packed)
        else:
            newest = Revision.filter(notice=notice).order_by("-number").first()
            text = newest.text if newest else ""
            face = Face(notice.title, notice.doc_number, read=partial(str, text))
            hashes, keys = face.fingerprint.packed, tuple(sorted(set(face.bands)))
        entry.address, entry.doc_number, entry.hashes = notice.address, notice.doc_number, hashes
        entry.title_key = Face(entry.title, notice.doc_number).title_key
        entry.save(update_fields=["address", "doc_number", "title_key", "hashes"])
        EntryBand.filter(entry=entry).delete()
        EntryBand.bulk_create(EntryBand.model(key=key, entry=entry) for key in keys)


class Migration(migrations.Migration):
    dependencies = [("store", "0003_signatures")]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="address",
            field=models.CharField(blank=True, max_length=800, default=""),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("address", ""), _negated=True),
                fields=["address"],
                name="entry_address",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=False),
    ]
