"""`kuaixun db check`: does all that is kept agree."""

import sys
from dataclasses import asdict

import click

from kuaixun.console import out, print_json, shown
from kuaixun.ticking import Ticking

MOST = 1000  # findings shown; the rest is counted


@click.command(
    epilog="""\b
Exit codes:
  0  all agrees
  1  something does not: each finding is named, with what to do"""
)
@click.option("--quick", is_flag=True, help="Read no file's and no page's content.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(quick: bool, as_json: bool) -> None:
    """Check that files, WARC records and rows agree with each other. Changes nothing.

    Files against their hashes, every revision's page against the archive, the database against
    itself. May run while a night does.

    \b
    Examples:
      kuaixun db check
      kuaixun db check --quick --json
    """
    import store

    store.migrate()

    from store.check import Finding, check

    found: list[Finding] = []
    count = 0
    with Ticking("核对") as ticking:
        for finding in check(quick=quick, tick=ticking):
            count += 1
            if count <= MOST:
                found.append(finding)
    if as_json:
        print_json({"findings": [asdict(finding) for finding in found], "count": count})
    else:
        for finding in found:
            out.print(f"[red]{finding.code}[/] {shown(finding.what)}", soft_wrap=True)
            out.print(f"  {shown(finding.remedy)}", soft_wrap=True)
        if count > MOST:
            out.print(f"… {count - MOST} more.")
        out.print(f"{count} finding(s)." if count else "All agrees.")
    sys.exit(1 if count else 0)
