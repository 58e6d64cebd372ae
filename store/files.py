"""Attachments and images, each under its SHA-256, once, whole or not at all."""

import hashlib
import os
import re
import uuid
from pathlib import Path
from typing import IO, cast

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, default_storage

_SHA256 = re.compile(r"[0-9a-f]{64}")
PART = ".part"  # what a file is called until all of it is on the disk


class DurableStorage(FileSystemStorage):
    """Files named for their content: the same name is the same file, and a name that is there is
    whole, whatever was killed."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: "File[bytes]") -> str:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f"{name}.{uuid.uuid4().hex}{PART}")
        try:
            with part.open("xb") as out:
                for chunk in content.chunks():
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)
        return name


def put(body: bytes) -> str:
    """Keep the bytes; returns their SHA-256 in hex. They are on the disk, whole, on return.

    Raises OSError (disk full, no permission); nothing half written is left then."""
    sha256 = hashlib.sha256(body).hexdigest()
    if not default_storage.exists(sha256):
        default_storage.save(sha256, ContentFile(body))
    return sha256


def path(sha256: str) -> Path:
    """Where the file of that hash lies, kept or not. ValueError when it is no SHA-256 in hex."""
    return Path(default_storage.path(_checked(sha256)))


def open(sha256: str) -> IO[bytes]:  # noqa: A001
    """The file, opened for reading; the caller closes it. FileNotFoundError when it is not kept."""
    return cast(IO[bytes], default_storage.open(_checked(sha256)))


def sweep() -> int:
    """Remove what a killed writer left half written; returns how many files. Only while nobody
    else writes: under the night's lock."""
    parts = list(Path(default_storage.path("")).glob(f"*{PART}"))
    for part in parts:
        part.unlink(missing_ok=True)
    return len(parts)


def _checked(sha256: str) -> str:
    if not _SHA256.fullmatch(sha256):
        raise ValueError(f"{sha256!r} is no SHA-256 in hex")
    return sha256


def _sync_folder(folder: Path) -> None:
    """Make the new name itself durable, where folders can be synced (not on Windows)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
