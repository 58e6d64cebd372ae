"""The night's own clock: relative dates, `since` and first nights count from it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from scrapy.settings import BaseSettings

BEIJING = ZoneInfo("Asia/Shanghai")


def night_now(settings: BaseSettings) -> datetime:
    """`night.now`: the setting NIGHT_NOW (ISO 8601) when the night set it, as a replay does with
    the record's date; else this moment. Aware, Asia/Shanghai."""
    stated = settings.get("NIGHT_NOW")
    if not stated:
        return datetime.now(BEIJING)
    moment = datetime.fromisoformat(stated)
    return moment.astimezone(BEIJING) if moment.tzinfo else moment.replace(tzinfo=BEIJING)
