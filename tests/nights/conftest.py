"""The sample nights, run once: by replay, and live against a loopback server."""

import shutil
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.loopback import Loopback, Request, serve
from tests.nights.nightly_runs import FIRST, SECOND, Dump, dump, kuaixun, replay

SLOW = "https://jjxxw.cq.gov.cn/zwgk_213/gsgg/"  # a list that takes its time
SECONDS = 1.2
RENDERS = bool(find_spec("scrapy_playwright") and shutil.which("chromium"))


@dataclass
class Live:
    """Two nights of the live downloader."""

    folder: Path
    tables: Dump = field(default_factory=dict)
    asked: dict[int, list[Request]] = field(default_factory=dict)  # night -> the server's own log


@pytest.fixture(scope="session")
def two_nights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder after both sample nights were replayed. Only to be read."""
    folder = tmp_path_factory.mktemp("replayed")
    replay(folder, FIRST, expect=0)
    replay(folder, SECOND, expect=1)
    return folder


@pytest.fixture(scope="session")
def kept(two_nights: Path) -> Dump:
    """All that the two replayed nights kept."""
    return dump(two_nights)


@pytest.fixture
def copied(two_nights: Path, tmp_path: Path) -> Path:
    """The folder of the two nights, to go on with."""
    return Path(shutil.copytree(two_nights, tmp_path / "data"))


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Live:
    """The same two nights, asked of a server."""
    nights = Live(tmp_path_factory.mktemp("live"))
    with serve(FIRST, slow={SLOW: SECONDS}) as server:
        for number, archive in ((1, FIRST), (2, SECOND)):
            server.load(archive)
            before = len(server.requests)
            env = _asking(server, f"2019-09-{10 + number}T23:00")
            kuaixun(nights.folder, "nightly", env=env, expect=number - 1)
            nights.asked[number] = server.requests[before:]
    nights.tables = dump(nights.folder)
    return nights


def _asking(server: Loopback, now: str) -> dict[str, str]:
    """The environment of a live night whose sites are this server."""
    return {
        "SCRAPY_SETTINGS_MODULE": "tests.nights.live_settings",
        "KUAIXUN_CONTACT": "mailto:night@example.org",
        "SAMPLE_NOW": now,
        "SAMPLE_PORT": str(server.port),
        "SAMPLE_REFUSED_PORT": str(server.refused_port),
        "SAMPLE_REFUSED": ",".join(sorted(server.refused_hosts)),
        "SAMPLE_BROWSER": "yes" if RENDERS else "no",
    }
