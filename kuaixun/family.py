"""`kuaixun family`: which notices are one document, why, and putting right what is not."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from kuaixun.console import Fault, out, print_json, shown

if TYPE_CHECKING:
    from store.family_told import FamilyTold

_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
_SOURCE = click.option(
    "--source", default="", metavar="NAME", help="The notices of this source, where several are."
)
_WHO = click.option("--who", required=True, metavar="NAME", help="Who says so; kept for ever.")


@click.group(epilog="Exit codes: 0 done; 2 no such notice or family, or nothing to do.")
def command() -> None:
    """Families: the notices, on any source, that are one document.

    \b
    Examples:
      kuaixun family show https://www.mee.gov.cn/a/1.html
      kuaixun family merge https://www.mee.gov.cn/1.html https://gxt.sd.gov.cn/2.html --who 陈
      kuaixun family split https://gxt.shandong.gov.cn/2.html --who 陈
    """


@command.command(epilog="Exit codes: 0 told; 2 no such notice or family.")
@click.argument("which", metavar="ADDRESS|ID")
@_SOURCE
@_JSON
def show(which: str, source: str, as_json: bool) -> None:
    """Tell the family of the notice at ADDRESS, or the one of that ID.

    Its origin first, and why it is; then each other notice with what it was joined on.

    \b
    Examples:
      kuaixun family show https://www.mee.gov.cn/a/1.html
      kuaixun family show 12 --json | jq '.members[].address'
    """
    import store

    store.migrate()

    from store.family_told import family

    key = int(which) if which.isdecimal() else _notices([which], source)[0][1]
    try:
        told = family(key)
    except (LookupError, OverflowError):
        raise Fault(f"There is no family {which}.", "Name one of its notices instead.") from None
    _print(told, as_json)


@command.command(epilog="Exit codes: 0 merged; 2 no such notice, or they are one family already.")
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS ADDRESS…")
@_SOURCE
@_WHO
@_JSON
def merge(addresses: Sequence[str], source: str, who: str, as_json: bool) -> None:
    """Make one family of those of the notices at the ADDRESSes.

    The stronger decision holds (published, candidate, later, rejected, none) and the other is shown
    beside it. A join by hand stays, however the pages change.

    \b
    Example:
      kuaixun family merge https://www.mee.gov.cn/1.html https://gxt.sd.gov.cn/2.html --who 陈
    """
    import store

    store.migrate()

    from store import regroup
    from store.family_told import family

    try:
        key = regroup.merge([notice for notice, _ in _notices(addresses, source)], who)
    except regroup.NotMerged as fault:
        raise Fault(str(fault), f"See: kuaixun family show {addresses[0]}") from None
    _print(family(key), as_json)


@command.command(epilog="Exit codes: 0 split; 2 no such notice, or nothing would be left behind.")
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS…")
@_SOURCE
@_WHO
@_JSON
def split(addresses: Sequence[str], source: str, who: str, as_json: bool) -> None:
    """Take the notices at the ADDRESSes out of their family, into one of their own.

    A decision stays with the notice it was made on. Likeness never brings the two together again;
    kuaixun family merge does.

    \b
    Example:
      kuaixun family split https://gxt.shandong.gov.cn/2.html --who 陈
    """
    import store

    store.migrate()

    from store import regroup
    from store.family_told import family

    try:
        key = regroup.split([notice for notice, _ in _notices(addresses, source)], who)
    except regroup.NotSplit as fault:
        raise Fault(str(fault), f"See: kuaixun family show {addresses[0]}") from None
    _print(family(key), as_json)


def _notices(addresses: Sequence[str], source: str) -> list[tuple[int, int]]:
    """(notice, family) at each of the addresses."""
    from kuaixun.notice.one import one_at

    found = [one_at(address, source) for address in addresses]
    return [(notice.pk, notice.family_id) for notice in found]


def _print(told: "FamilyTold", as_json: bool) -> None:
    if as_json:
        print_json(asdict(told))
        return
    state = f"，{told.review.state}" if told.review else ""
    out.print(f"转载家族 {told.family}：{len(told.members)} 份{state}")
    for place, one in enumerate(told.members):
        day = one.day.isoformat() if one.day else "日期不明"
        head = "[bold]原点[/]" if place == 0 else "　　"
        out.print(f"{head} {shown(one.title)}", soft_wrap=True)
        out.print(f"　　　{shown(one.agency or one.source)}，{day}", soft_wrap=True)
        out.print(f"　　　{shown(one.address)}", soft_wrap=True)
        like = f"：{one.like}" if one.like and one.like != told.members[0].address else ""
        said = f"（{one.strength}）" if one.strength else ""
        out.print(f"　　　{shown(one.reason + said + like)}", soft_wrap=True)
    for aside in told.set_aside:
        out.print(f"另有并入前的审定：{aside.state}，{shown(aside.address)}", soft_wrap=True)
