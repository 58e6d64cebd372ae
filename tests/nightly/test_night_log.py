"""What a night logs."""

from pathlib import Path

from tests.nightly.night_world import Site, World


def test_the_log_holds_no_line_for_every_page(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.source("good")
    archive = world.archive("2026-03-19", good=Site({18: "关于推荐绿色工厂的通知"}))
    ended = world.night(archive)
    log = Path(ended.json["log"]).read_text(encoding="utf-8")
    assert " INFO: " in log
    assert " DEBUG: " not in log
