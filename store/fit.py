"""Strings as every database takes them. SQLite would take anything; PostgreSQL refuses NUL, lone
surrogates and what is longer than its column."""

import datetime as dt
import hashlib
from typing import Any

from django.db.models import CharField, Model

_ADDRESS_MAX = 800
_MOMENTS = (dt.date, dt.time)


def fit(model: type[Model], **values: Any) -> dict[str, Any]:
    """The values made storable, strings cut to the length of the model's field."""
    out = {}
    for name, value in values.items():
        field = model._meta.get_field(name)
        value = storable(value)
        if isinstance(value, str) and isinstance(field, CharField) and field.max_length:
            value = value[: field.max_length]
        out[name] = value
    return out


def storable(value: Any) -> Any:
    """Strings without NUL and lone surrogates; the same inside lists and dicts, where days and
    times become ISO strings, as JSON has none."""
    if isinstance(value, str):
        if value.isprintable():  # neither NUL nor a surrogate is; most strings are
            return value
        return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {storable(k): _json(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):  # twice as fast as list | tuple
        return [_json(v) for v in value]
    return value


def key(address: str) -> str:
    """The canonical address as it is kept: a very long one ends in its hash: two stay two."""
    address = storable(address)
    if len(address) <= _ADDRESS_MAX:
        return address
    digest = hashlib.sha256(address.encode()).hexdigest()
    return f"{address[: _ADDRESS_MAX - 65]}#{digest}"


def _json(value: Any) -> Any:
    kind = type(value)
    if value is None or kind is int or (kind is str and value.isprintable()):
        return value
    if kind is list:  # most of a notice's parts: their numbers and words without a call each
        return [
            v if type(v) is int or (type(v) is str and v.isprintable()) else _json(v) for v in value
        ]
    return value.isoformat() if isinstance(value, _MOMENTS) else storable(value)
