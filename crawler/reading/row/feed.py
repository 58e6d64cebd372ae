"""Lists in XML: RSS, Atom, and what a site's own interface answers, by shape: records with a title,
an address and a date."""

import re
from collections import defaultdict
from itertools import islice
from typing import Any

from lxml import etree

_XML = re.compile(r"\s*+(?:<\?xml\b|<(?:rss|feed|rdf:RDF)\b)", re.I)
_PAGE = re.compile(r"<!doctype\s+html|<html\b", re.I)
_RECORDS = frozenset(("item", "entry", "record", "row"))
_HEAD = 2000  # characters in which a page says that it is one
_MOST_FIELDS, _MOST_RECORDS = 60, 6000


def is_xml(text: str) -> bool:
    """Whether a text is XML that is no page: a feed, an interface's answer."""
    return _XML.match(text) is not None and not _PAGE.search(text[:_HEAD])


def is_feed(text: str) -> bool:
    """Whether a text is XML with records that have names such as a feed's."""
    return is_xml(text) and any(f"<{name}" in text for name in _RECORDS)


def xml_records(text: str) -> list[list[dict[str, Any]]]:
    """The lists of records in XML, each record by the names of its parts; [] for what is none."""
    if not is_xml(text):
        return []
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, encoding="utf-8", huge_tree=False
    )
    try:
        root = etree.fromstring(text.strip().encode("utf-8", "ignore"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return []
    if root is None:
        return []
    found: dict[tuple[Any, str], list[dict[str, Any]]] = defaultdict(list)
    for element in root.iter(etree.Element):
        parent = element.getparent()
        if parent is not None and (len(element) or len(element.attrib) > 1):
            records = found[parent, _name(element)]
            if len(records) < _MOST_RECORDS:
                records.append(_fields(element))
    named = [x for (_, name), x in found.items() if name.lower() in _RECORDS]
    return named or list(found.values())


def _fields(record: Any) -> dict[str, Any]:
    """What a record says, by the names of its parts and their attributes."""
    fields: dict[str, Any] = dict(islice(record.attrib.items(), _MOST_FIELDS))
    for place, part in enumerate(islice(record.iterchildren(etree.Element), _MOST_FIELDS)):
        name = _name(part)
        name = f"{name}.{place}" if name in fields else name
        text = "".join(islice(part.itertext(), _MOST_FIELDS)).strip()
        if text:
            fields.setdefault(name, text)
        elif part.get("rel", "alternate") == "alternate":  # Atom's link: an attribute, no text
            for key, value in islice(part.attrib.items(), _MOST_FIELDS):
                fields.setdefault(f"{name}.{key}", value)
    return fields


def _name(element: Any) -> str:
    return str(etree.QName(element).localname)
