"""What all tests share: reference material, empty databases, and the word on what was left out."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.fixture
def shared() -> Path:
    """The folder of reference material beside the project, where there is one."""
    if not SHARED.is_dir():
        pytest.skip("../shared is not here")
    return SHARED


@pytest.fixture
def database_url() -> Iterator[str]:
    """KUAIXUN_DATABASE_URL of a new, empty database on the server of tests.postgresql."""
    from tests.postgresql import Server

    with Server.of(os.environ["KUAIXUN_TEST_DATABASE_URL"]).database() as url:
        yield url


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that need PostgreSQL are chosen where tests.postgresql is at work."""
    if "KUAIXUN_TEST_DATABASE_URL" in os.environ:
        return
    needing = [item for item in items if item.get_closest_marker("postgresql")]
    config.hook.pytest_deselected(items=needing)
    items[:] = [item for item in items if item not in needing]


def _left_out(config: pytest.Config) -> dict[str, int]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    reasons: dict[str, int] = {}
    for report in reporter.stats.get("skipped", []) if reporter else []:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reason = reason.removeprefix("Skipped: ")
        reasons[reason] = reasons.get(reason, 0) + 1
    return reasons


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Under .ci/run a test left out is a failure, unless it needs ../shared and that is absent."""
    lacking = [reason for reason in _left_out(session.config) if "../shared" not in reason]
    if os.environ.get("KUAIXUN_CI") and lacking and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    for reason, count in _left_out(config).items():
        terminalreporter.write_line(f"Left out: {count} test(s): {reason}")
