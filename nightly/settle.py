"""A source is done: every column of it is judged and its outcome written, in one transaction."""

import dataclasses
import logging
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from crawler.report import ColumnReport
from crawler.spider import NoticeSpider
from nightly.figures import figures
from nightly.outcome import judge
from nightly.watch import Watch
from store import nights
from store.models import Column, Night, Verdict

logger = logging.getLogger(__name__)


def settle(
    night: Night,
    spider: type[NoticeSpider],
    reports: dict[str, ColumnReport],
    watch: Watch,
    ended: str,
) -> list[Verdict]:
    """Judge and write; returns the verdicts. `reports` is empty when the spider was never made,
    `ended` why it stopped before its end. Runs on the writer thread."""
    remarks = [f"TLS 从宽：{spider.tls_reason}"] if spider.tls else []
    verdicts = []
    with transaction.atomic():
        for column in reports or spider.columns:
            report = reports.get(column)
            verdict, why = judge(
                report,
                figures(night, spider.name, column),
                today=night.date,
                quiet_days=spider.quiet_days,
                faults=watch.of(column),
                ended=ended,
                remarks=remarks,
            )
            counts = dataclasses.asdict(report or ColumnReport())
            counts["seconds"] = watch.seconds.get(column, 0.0)
            _write(night, spider.name, column, verdict, why, counts)
            verdicts.append(verdict)
    return verdicts


def settle_broken(night: Night, source: str, fault: str) -> list[Verdict]:
    """A source whose file cannot be loaded fails in every column that it is known to have."""
    known = Column.objects.filter(source__name=source).values_list("name", flat=True)
    columns = list(known) or ["—"]
    with transaction.atomic():
        for column in columns:
            why = f"来源文件读不进来：{fault}"
            _write(night, source, column, Verdict.FAILED, why, {})
    return [Verdict.FAILED] * len(columns)


def _write(
    night: Night,
    source: str,
    column: str,
    verdict: Verdict,
    why: str,
    counts: Mapping[str, Any],
) -> None:
    nights.write_outcome(night.pk, source, column, verdict, why, counts)
    logger.info("%s/%s: %s, %s", source, column, verdict.value, why)
