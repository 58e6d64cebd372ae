"""`kuaixun issue seen`: where a document has run before."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from kuaixun.console import Fault, out, print_json, shown

if TYPE_CHECKING:
    from store.published import Ran


@click.command(epilog="Exit codes: 0 told (that it never ran, too); 2 nothing was named.")
@click.argument("what", metavar="ADDRESS|文号|TITLE")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(what: str, as_json: bool) -> None:
    """Tell in which issues a document ran: itself, its reposts, or a near copy.

    It is named by its address, its 文号 or its whole title.

    \b
    Examples:
      kuaixun issue seen https://www.mee.gov.cn/a/1.html
      kuaixun issue seen 工信厅消费函〔2019〕191号
      kuaixun issue seen 关于推荐2020年度山东省服务型制造示范企业的通知 --json | jq .ran
    """
    if not what.strip():
        raise Fault("Nothing is named.", "Give an address, a 文号 or a title.")
    import store

    store.migrate()

    from crawler.address import canonical, is_address
    from crawler.reading.fact.doc_number import normalise
    from store.published import find

    if is_address(what):
        ran = find(address=canonical(what))
    elif number := normalise(what):
        ran = find(doc_number=number)
    else:
        ran = find(title=what)
    if as_json:
        print_json({"ran": [asdict(one) for one in ran]})
        return
    for one in ran:
        out.print(said(one), soft_wrap=True)
    if not ran:
        out.print("没有登过。")


def said(ran: "Ran") -> str:
    """The entry in one line, as rich's markup."""
    return (
        f"{ran.issue}  \\[{shown(ran.section)}] 第 {ran.position} 条  {shown(ran.title)}"
        f"（{ran.how}）"
    )
