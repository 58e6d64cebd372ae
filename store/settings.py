"""Django's settings for the store alone: enough for a crawl. `desk/settings.py` extends them."""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
# Everything that is kept lies below this folder: database, files, WARC, logs, exports.
DATA = Path(os.environ.get("KUAIXUN_DATA") or ROOT / "data").resolve()


def database(url: str) -> dict[str, Any]:
    """Django's database settings for "" (SQLite in DATA), sqlite:///PATH or postgresql://…

    A relative PATH is below DATA; sqlite:////PATH is absolute, as is sqlite:///C:/PATH. Raises
    ValueError, naming the setting and the remedy, for anything else."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as fault:  # its words may hold the password
        words = "its port is no number up to 65535" if "ort" in str(fault) else "its host is broken"
        raise _not_understood(
            url, f"{words} (write @ : / # ? [ ] in a password as %40 …)"
        ) from None
    if parts.scheme in ("postgresql", "postgres"):
        if not parts.path.strip("/"):
            raise _not_understood(url, "it names no database")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(port or ""),
        }
    if url and parts.scheme != "sqlite":
        raise _not_understood(url, "the scheme is unknown")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": _sqlite_file(url) if url else str(DATA / "kuaixun.sqlite3"),
        "OPTIONS": {
            "timeout": 20,  # seconds to wait for another process's transaction
            "transaction_mode": "IMMEDIATE",  # a writer waits at BEGIN, never fails half way
            # NORMAL under WAL could lose the last commits on power loss; a notice said kept is kept
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }


def _sqlite_file(url: str) -> str:
    found = re.fullmatch(r"sqlite:///([^?#]+)", url, re.IGNORECASE)
    path = unquote(found[1]) if found else ""
    if not path.strip("/") or path.endswith("/") or "\0" in path:
        raise _not_understood(
            url, "it names no file after three slashes (write ? and # as %3F, %23)"
        )
    return path if re.match(r"[A-Za-z]:[/\\]", path) else str(DATA / path)


def _not_understood(url: str, why: str) -> ValueError:
    scheme = url.partition("://")[0] if "://" in url else ""  # what follows may be a password
    return ValueError(
        f"KUAIXUN_DATABASE_URL={scheme and f'{scheme}://'}… is not understood, {why}: "
        "use sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME"
    )


DATABASES = {"default": database(os.environ.get("KUAIXUN_DATABASE_URL", ""))}
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "store"]
AUTH_USER_MODEL = "store.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
LANGUAGE_CODE = "zh-hans"
STORAGES = {"default": {"BACKEND": "store.files.DurableStorage"}}
MEDIA_ROOT = str(DATA / "files")  # attachments and images under their SHA-256
SECRET_KEY = "the store signs nothing; desk/settings.py reads a generated key"  # noqa: S105
