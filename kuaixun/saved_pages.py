"""Saved pages and the manifests that list them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from kuaixun.console import Fault


@dataclass(slots=True)
class Saved:
    """One saved page: its file, and the address and host a crawler would know."""

    id: str
    file: Path
    url: str  # "" when the address was not saved
    host: str


def from_manifest(manifest: Path) -> Iterator[Saved]:
    """The pages of a manifest: one JSON object a line, of which only `id`, `file`, `url` and
    `host` are used. Raises Fault naming the line."""
    try:
        text = manifest.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Fault(f"{manifest} is not UTF-8", "Save the manifest as UTF-8.") from None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            file, url = manifest.parent / entry["file"], entry.get("url") or ""
            host = entry.get("host") or urlsplit(url).hostname
            if not host:
                raise KeyError("host")
        except (ValueError, KeyError, TypeError) as fault:
            what = f"{manifest}, line {number}: {fault!r}"
            raise Fault(what, "Each line needs file, and url or host.") from None
        yield Saved(str(entry.get("id", number)), file, url, host)
