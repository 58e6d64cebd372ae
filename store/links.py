"""Notices about a document, linked to it and never joined: its 解读, 更正, 补充 and 转发.

A notice about something has at most one link: to the kept notice that it is most plainly about.
How plainly, is told by the two alone (`store.about`), so that the links do not depend on the order
in which notices come: whenever one is saved, what it is about is looked for, and those are looked
at that may be about it.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from store import citations, families, statements
from store.about import LEAD, About, Claim, Page
from store.models import Link, LinkKind, Notice
from store.notice_line import NoticeLine, line_of
from store.topics import about_key, forwarding_key, kind_of, unmarked

_BATCH = 500
_COLUMNS = (
    *("pk", "title", "topic_key", "doc_number", "issuers", "published", "written", "region"),
    *("address", "source__name", "source__agency"),
)

# Who may be about a notice: by topic, by number, and who is taken to be so far. The index of
# topics holds no empty ones, and SQLite takes it only for a query that says the same.
_CONCERNED = """
SELECT id FROM store_notice WHERE topic_key IN (%s, %s) AND NOT (topic_key = '')
UNION ALL SELECT notice_id FROM store_citation WHERE number IN (%s, %s)
UNION ALL SELECT notice_id FROM store_link WHERE to_id = %s
UNION ALL SELECT notice_id FROM store_link WHERE notice_id = %s
"""
# What a notice may be about: by topic, by number. `{}`: as many numbers as it cites.
_CANDIDATES = """
SELECT id FROM store_notice WHERE topic_key IN (%s, %s) AND NOT (topic_key = '')
UNION SELECT id FROM store_notice WHERE doc_number IN ({}) AND NOT (doc_number = '')
"""
_LINK = "SELECT to_id, kind, reason FROM store_link WHERE notice_id = %s"
_NOBODY = "|"  # no topic, no number


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A link, seen from one of its ends."""

    kind: LinkKind
    reason: str  # how it was found, Chinese
    notice: NoticeLine  # the origin of the family at the other end


@dataclass(frozen=True, slots=True)
class Links:
    """What a notice's family is about, and what is about it."""

    about: list[LinkLine]
    by: list[LinkLine]  # by day


def settle(notice: Notice) -> None:
    """Link the notice to the document that it is about, and those that are about it to it. Inside
    the transaction that wrote it, its topic, its citations and its newest text."""
    topic, kind = unmarked(notice.topic_key), kind_of(notice.title)
    waiting = [_NOBODY, _NOBODY]
    if topic and kind is None:
        waiting = [about_key(topic), forwarding_key(topic)]
    elif topic and kind is LinkKind.FORWARDS:
        waiting[0] = about_key(topic)
    numbers = [*citations.as_cited(notice.doc_number), _NOBODY, _NOBODY][:2]
    with connection.cursor() as cursor:
        cursor.execute(_CONCERNED, [*waiting, *numbers, notice.pk, notice.pk])
        concerned = {row[0] for row in cursor.fetchall()}
    if kind is not None or notice.pk in concerned:
        _find(notice.pk)
    if concerned - {notice.pk}:
        _offer(notice.pk, concerned)


def settle_all() -> None:
    """Link all that is about something, as an older database has it without links."""
    for title, pk in list(Notice.objects.order_by("pk").values_list("title", "pk")):
        if kind_of(title) is not None:
            with transaction.atomic():
                families.lock()
                _find(pk)


def leave(notice: Notice) -> None:
    """The notice is taken out: let those that are linked to it look for another copy. Before its
    row goes, inside the same transaction."""
    about = list(Link.objects.filter(to=notice).values_list("notice", flat=True))
    for other in about:
        _find(other, without=notice.pk)


def of(notice: Notice) -> Links:
    """The links of the notice and of its family's other notices; none within the family, each
    family once."""
    mine = notice.family_id
    about = Link.objects.filter(notice__family=mine).exclude(to__family=mine)
    by = Link.objects.filter(to__family=mine).exclude(notice__family=mine)
    own_first = sorted(
        about.select_related("to__source", "to__family__origin__source").order_by("pk"),
        key=lambda link: link.notice_id != notice.pk,
    )
    others = by.select_related("notice__source", "notice__family__origin__source")
    return Links(
        _each_family((link, link.to) for link in own_first),
        _each_family(
            (link, link.notice) for link in others.order_by("notice__published", "notice__pk")
        ),
    )


def _each_family(ends: Iterable[tuple[Link, Notice]]) -> list[LinkLine]:
    lines: dict[int, LinkLine] = {}
    for link, end in ends:
        line = LinkLine(LinkKind(link.kind), link.reason, line_of(end.family.origin or end))
        lines.setdefault(end.family_id, line)
    return list(lines.values())


def _find(notice: int, without: int = 0) -> None:
    """Look among all that is kept for the document that the notice is about."""
    about, best = _about(*_pages([notice])), None
    if about.kind is not None:
        for document in _pages(_candidates(about) - {notice, without}):
            best = _better(best, about.claim(document), document)
    _write(about, best)


def _offer(notice: int, concerned: Collection[int]) -> None:
    """Let the notice take the place of what others are linked to, where its claim is better."""
    (document,) = _pages([notice])
    for page in _pages(concerned):
        if page.pk == notice:
            continue
        linked = _linked(page.pk)
        if any(to == notice for to, *_ in linked):
            _find(page.pk)  # it changed: another may be the plainest now
        elif page.kind is not None and (claim := (about := _about(page)).claim(document)):
            held = [(about.claim(x), x) for x in _pages([to for to, *_ in linked])]
            best = _better(held[0] if held else None, claim, document)
            _write(about, best)


Found = tuple[Claim | None, Page]


def _better(held: Found | None, claim: Claim | None, document: Page) -> Found | None:
    if claim is None or (held and held[0] and held[0].order <= claim.order):
        return held
    return claim, document


def _write(about: About, found: Found | None) -> None:
    wanted = []
    if about.kind and found and found[0]:
        wanted = [(found[1].pk, about.kind.value, found[0].reason)]
    if _linked(about.page.pk) == wanted:
        return
    Link.objects.filter(notice=about.page.pk).delete()
    for to, kind, reason in wanted:
        statements.insert(Link(notice_id=about.page.pk, to_id=to, kind=kind, reason=reason))


def _linked(notice: int) -> list[tuple[int, str, str]]:
    """(to, kind, reason) of its link, if it has one."""
    with connection.cursor() as cursor:
        cursor.execute(_LINK, [notice])
        return [(to, kind, reason) for to, kind, reason in cursor.fetchall()]


def _about(page: Page) -> About:
    numbers = citations.numbers_of(page.pk)
    return About(page, numbers, statements.text_of(page.pk)[:LEAD] if numbers else "")


def _candidates(about: About) -> set[int]:
    """Keys of the notices that it may be about."""
    forms = [form for number in about.numbers for form in citations.as_kept(number)] or [_NOBODY]
    topics = [about.topic or _NOBODY, _NOBODY]
    if about.topic and about.kind is not LinkKind.FORWARDS:
        topics[1] = forwarding_key(about.topic)
    statement = _CANDIDATES.format(", ".join(["%s"] * len(forms)))  # no values in it
    with connection.cursor() as cursor:
        cursor.execute(statement, [*topics, *forms])
        return {row[0] for row in cursor.fetchall()}


def _pages(keys: Collection[int]) -> Iterator[Page]:
    """The notices of these keys, by key."""
    listed = sorted(keys)
    for start in range(0, len(listed), _BATCH):
        some = Notice.objects.filter(pk__in=listed[start : start + _BATCH]).order_by("pk")
        for row in some.values_list(*_COLUMNS):
            yield Page(*row)
