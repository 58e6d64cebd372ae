"""Django's settings for the store alone: enough for a crawl. `desk/settings.py` extends them."""

import os
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
# Everything that is kept lies below this folder: database, files, WARC, logs, exports.
DATA = Path(os.environ.get("KUAIXUN_DATA") or ROOT / "data").resolve()


SETTING = "KUAIXUN_DATABASE_URL"
# What a postgresql:// address may say after its ?, as libpq's own connection addresses do.
_PLACES = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
# fmt: off
_OPTIONS = {
    "application_name", "channel_binding", "connect_timeout", "gssdelegation", "gssencmode",
    "hostaddr", "keepalives", "keepalives_count", "keepalives_idle", "keepalives_interval",
    "krbsrvname", "load_balance_hosts", "options", "passfile", "require_auth", "requirepeer",
    "service", "ssl_max_protocol_version", "ssl_min_protocol_version", "sslcert", "sslcertmode",
    "sslcompression", "sslcrl", "sslcrldir", "sslkey", "sslmode", "sslnegotiation", "sslpassword",
    "sslrootcert", "sslsni", "target_session_attrs", "tcp_user_timeout",
}
# fmt: on


def database(url: str, named: str = SETTING) -> dict[str, Any]:
    """Django's database settings for "" (SQLite in DATA), sqlite:///PATH or postgresql://…

    A relative PATH is below DATA; sqlite:////PATH is absolute, as is sqlite:///C:/PATH. Raises
    ValueError for anything else, naming the remedy and what held it: the setting, or `named`."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as fault:  # its words may hold the password
        words = "its port is no number up to 65535" if "ort" in str(fault) else "its host is broken"
        raise _not_understood(
            url, named, f"{words} (write @ : / # ? [ ] in a password as %40 …)"
        ) from None
    if parts.scheme in ("postgresql", "postgres"):
        return _postgresql(url, parts, str(port or ""), named)
    if url and parts.scheme != "sqlite":
        raise _not_understood(url, named, "the scheme is unknown")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": _sqlite_file(url, named) if url else str(DATA / "kuaixun.sqlite3"),
        "OPTIONS": {
            "timeout": 20,  # seconds to wait for another process's transaction
            "transaction_mode": "IMMEDIATE",  # a writer waits at BEGIN, never fails half way
            # NORMAL under WAL could lose the last commits on power loss; a notice said kept is kept
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }


def _postgresql(url: str, parts: SplitResult, port: str, named: str) -> dict[str, Any]:
    host = parts.netloc.rpartition("@")[2].partition(":")[0]  # .hostname is folded; a folder is not
    told: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(host) if "%" in host else parts.hostname or "",
        "PORT": port,
        # statements that come again and again are planned once: saving takes two thirds of the time
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 5},
    }
    if parts.fragment:
        raise _not_understood(url, named, "a # stands in it (write %23)")
    said = [one.partition("=") for one in parts.query.split("&") if one]
    # before any of it is repeated: after a ? in a password, what follows is the password's rest
    if not told["NAME"] and not {"dbname", "service"} & {name for name, _, _ in said}:
        raise _not_understood(url, named, "it names no database")
    for name, _, value in said:
        if not value:
            raise _not_understood(url, named, f"its {name} has no value")
        if name not in _PLACES and name not in _OPTIONS:
            known = "sslmode, sslrootcert, connect_timeout, host, … as libpq names them"
            raise _not_understood(url, named, f"its option {name!r} is unknown ({known})")
        where, key = (told, _PLACES[name]) if name in _PLACES else (told["OPTIONS"], name)
        if where.get(key):
            raise _not_understood(url, named, f"it says its {name} twice")
        where[key] = unquote(value)
    if len(told["NAME"]) > 63:
        raise _not_understood(url, named, "its database's name has more than 63 letters")
    if find_spec("psycopg") is None:
        raise ValueError(
            f"{named}={parts.scheme}://… needs the package psycopg, which is not installed here: "
            "python -m pip install -e '.[postgresql]'"
        )
    return told


def _sqlite_file(url: str, named: str) -> str:
    found = re.fullmatch(r"sqlite:///([^?#]+)", url, re.IGNORECASE)
    path = unquote(found[1]) if found else ""
    if not path.strip("/") or path.endswith("/") or "\0" in path:
        raise _not_understood(
            url, named, "it names no file after three slashes (write ? and # as %3F, %23)"
        )
    return path if re.match(r"[A-Za-z]:[/\\]", path) else str(DATA / path)


def _not_understood(url: str, named: str, why: str) -> ValueError:
    scheme = url.partition("://")[0] if "://" in url else ""  # what follows may be a password
    return ValueError(
        f"{named}={scheme and f'{scheme}://'}… is not understood, {why}: "
        "use sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME"
    )


DATABASES = {"default": database(os.environ.get(SETTING, ""))}
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "store"]
AUTH_USER_MODEL = "store.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
LANGUAGE_CODE = "zh-hans"
STORAGES = {"default": {"BACKEND": "store.files.DurableStorage"}}
MEDIA_ROOT = str(DATA / "files")  # attachments and images under their SHA-256
SECRET_KEY = "the store signs nothing; desk/settings.py reads a generated key"  # noqa: S105
