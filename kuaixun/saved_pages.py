"""Saved pages, the manifests that list them, and what commands are told of them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from kuaixun.console import Fault


@dataclass(slots=True)
class Saved:
    """One saved page: its file, and the address and host a crawler would know."""

    id: str
    file: Path
    url: str  # "" when the address was not saved
    host: str

    @property
    def place(self) -> str:
        """Its address, or its host's entrance when the address was not saved."""
        return self.url or f"http://{self.host}/"


def from_manifest(manifest: Path) -> Iterator[Saved]:
    """The pages of a manifest: one JSON object a line, of which only `id`, `file`, `url` and
    `host` are used. Raises Fault naming the line."""
    try:
        text = manifest.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Fault(f"{manifest} is not UTF-8", "Save the manifest as UTF-8.") from None
    lines: dict[str, int] = {}  # id -> the line it stands in
    for number, line in enumerate(text.split("\n"), 1):  # a title may hold other ends of lines
        if not line.strip():
            continue
        try:
            page = _saved(json.loads(line), manifest.parent, str(number))
            if page.id in lines:
                raise ValueError(f"the id {page.id!r} stands in line {lines[page.id]} already")
        except (json.JSONDecodeError, RecursionError) as fault:
            what = f"{manifest}, line {number} is no JSON: {fault}"
            raise Fault(what, "Write one JSON object a line.") from None
        except ValueError as fault:
            what = f"{manifest}, line {number}: {fault}"
            raise Fault(what, "Each line needs file, and url or host; an id stands once.") from None
        lines[page.id] = number
        yield page


def _saved(entry: Any, folder: Path, number: str) -> Saved:
    """One line of a manifest. Raises ValueError saying what is wrong with it."""
    if not isinstance(entry, dict):
        raise ValueError("it is no JSON object")
    id_ = entry.get("id")
    if id_ is not None and (isinstance(id_, bool) or not isinstance(id_, (str, int))):
        raise ValueError(f"id must be text or a whole number, not {id_!r}")
    file, url, host = (_text(entry, name) for name in ("file", "url", "host"))
    if not file or "\0" in file:
        raise ValueError("it names no file")
    if url and not _host(url):
        raise ValueError(f"url {url!r} is no address of a page: write it with http:// or https://")
    host = host or _host(url)
    if not host or _host(f"http://{host}/") != host.lower().partition(":")[0]:
        raise ValueError(f"host {host!r} is no host" if host else "it has neither url nor host")
    return Saved(number if id_ is None else str(id_), folder / file, url, host)


def _text(entry: dict[str, Any], name: str) -> str:
    value = entry.get(name)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{name} must be text, not {value!r}")
    return (value or "").strip()


def saved_at(page: Path, url: str) -> Saved:
    """The page that PAGE and `--url` name. Raises UsageError when that is no address of a page."""
    url = url.strip()
    if not (host := _host(url)):
        what = f"--url {url!r} is no address of a page: write it whole, with http:// or https://"
        raise click.UsageError(what)
    return Saved(page.name, page, url, host)


def _host(url: str) -> str:
    """The host of an address; none when it is no address of a page."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises when it is none
        host = parts.hostname or "" if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""
    return "" if re.search(r"[\s<>\"\\^`{|}]", host) else host


def clock_of(now: str | None) -> datetime:
    """What `--now` says, this moment when it was left out; aware, Asia/Shanghai. Raises
    UsageError when it is no date."""
    from crawler.clock import BEIJING

    try:
        moment = datetime.fromisoformat(now) if now else datetime.now(BEIJING)
        return moment.astimezone(BEIJING) if moment.tzinfo else moment.replace(tzinfo=BEIJING)
    except (ValueError, OverflowError):  # the latter: the first or last day there is, elsewhere
        raise click.UsageError(f"--now {now!r}: write 2019-09-11T23:00") from None
