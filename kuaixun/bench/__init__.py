"""`kuaixun bench`: what Kuaixun is measured by, one module a measurement."""

import click

from kuaixun.lazy import Lazy

MEASUREMENTS = {
    "reading": "kuaixun.bench.reading:command",
    "crawl": "kuaixun.bench.crawl:command",
    "store": "kuaixun.bench.store:command",
}


@click.group(
    cls=Lazy,
    paths=MEASUREMENTS,
    epilog="Exit codes: 0 measured, 1 a crawl or a reader failed, 2 wrong use.",
)
def command() -> None:
    """Measure: how well and fast pages are read, what a crawl costs, how a large store joins.

    Nothing is written to the office's store and nothing is asked of the network.

    \b
    Examples:
      kuaixun bench reading --pages corpus --generic
      kuaixun bench crawl
      kuaixun bench store --notices 20000
    """
