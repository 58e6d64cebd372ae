"""By what an entry of an issue is known again: its address, 文号, title, and a near-same text.

They are those of the notice as it was when the issue was made, or of what was printed; only the
title is the editors'."""

import datetime as dt
from collections.abc import Sequence

from store import families, statements
from store.likeness import Face
from store.models import Entry, EntryBand


def sign(entry: Entry) -> list[int]:
    """Fill the keys of an entry from its notice, or from what was printed (of which the address and
    the 文号 are there already); returns its bands, that `keep` writes."""
    if entry.printed:
        face = printed_face(entry)
        entry.hashes, bands = face.fingerprint.packed, sorted(set(face.bands))
    else:
        bands = _sign_by_notice(entry)
    entry.title_key = Face(entry.title, entry.doc_number).title_key
    return bands


def keep(entries: Sequence[Entry], bands: Sequence[Sequence[int]]) -> None:
    """Insert new entries, each with its bands."""
    Entry.objects.bulk_create(entries)
    EntryBand.objects.bulk_create(
        EntryBand(key=key, entry=entry)
        for entry, keys in zip(entries, bands, strict=True)
        for key in keys
    )


def printed_face(entry: Entry) -> Face:
    """What of a printed entry is compared with notices. It stands at no source."""
    printed = entry.printed
    return Face(
        printed["bulletin_title"],
        entry.doc_number,
        tuple(printed.get("issuers") or ()),
        dt.date.fromisoformat(printed["written"]) if printed.get("written") else None,
        lambda: "\n".join(printed.get("paragraphs") or ()),
    )


def _sign_by_notice(entry: Entry) -> list[int]:
    notice = entry.notice
    assert notice, "an entry is of a notice, or was printed"
    entry.address, entry.doc_number = notice.address, notice.doc_number
    kept = statements.signature_of(notice.pk)
    entry.hashes = kept[0] if kept else b""
    return families.unpack(kept[1]) if kept else []
