"""Django's settings for the store alone: enough for a crawl. `desk/settings.py` extends them."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
# Everything that is kept lies below this folder: database, files, WARC, logs, exports.
DATA = Path(os.environ.get("KUAIXUN_DATA") or ROOT / "data").resolve()


def database(url: str) -> dict[str, Any]:
    """Django's database settings for "" (SQLite in DATA), sqlite:///PATH or postgresql://…

    Raises ValueError, naming the remedy, for any other scheme."""
    parts = urlsplit(url)
    if parts.scheme in ("postgresql", "postgres"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
        }
    if url and parts.scheme != "sqlite":
        raise ValueError(
            f"KUAIXUN_DATABASE_URL={parts.scheme}://… is not understood: "
            "use sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME"
        )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": parts.path if url else str(DATA / "kuaixun.sqlite3"),
        "OPTIONS": {
            "timeout": 20,  # seconds to wait for another process's transaction
            "transaction_mode": "IMMEDIATE",  # a writer waits at BEGIN, never fails half way
            # NORMAL under WAL could lose the last commits on power loss; a notice said kept is kept
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }


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
