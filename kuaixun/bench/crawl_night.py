"""Our side of `kuaixun bench crawl`: a whole night over the loopback site, into an empty store.

python -m kuaixun.bench.crawl_night RESULT [stages]; the environment holds KUAIXUN_DATA,
BENCH_SITE and BENCH_READING. With `stages` the night is timed stage by stage, which costs itself.
"""

import datetime as dt
import sys
from pathlib import Path

from scrapy.utils.project import get_project_settings

from kuaixun.bench.crawl_cost import Meter
from kuaixun.bench.crawl_pages import NEWEST
from kuaixun.nightly import Show

# Only what a loopback site needs: all else is a live night's.
_SETTINGS = {
    "SPIDER_MODULES": ["kuaixun.bench.crawl_spider"],
    "GATE_DELAY": 0,
    "GUARD_ALLOW": ["127.0.0.1/32"],
    "NIGHT_NOW": f"{NEWEST}T23:00:00+08:00",
}


def _run(result: Path, timed: bool) -> None:
    settings = get_project_settings()  # sets the store up: what follows needs its tables
    settings.setdict(_SETTINGS, priority="cmdline")

    import store
    from kuaixun.bench.crawl_stages import StageClock
    from nightly.run import NightPlan, run

    clock = StageClock() if timed else None
    if clock:
        clock.install()
    store.migrate()
    meter = Meter()
    # a back-fill, as an ordinary first night reads one list page only
    plan = NightPlan(since=dt.date(2000, 1, 1))
    with Show() as show:
        night = run(plan, settings, show)
    meter.read(night.notices, clock.stages() if clock else None).write(result)


if __name__ == "__main__":
    _run(Path(sys.argv[1]), sys.argv[2:] == ["stages"])
