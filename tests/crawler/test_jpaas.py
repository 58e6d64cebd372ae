"""jpaas: the address of a unit is the same however its ids were stored."""

import random

from crawler.platforms.jpaas import JpaasSpider

UNIT = "https://www.sea.gov.cn/api/build/unit"
IDS = {
    "parseType": "buildstatic",
    "webId": "1",
    "tplSetId": "2",
    "pageType": "column",
    "tagId": "list",
    "editType": "null",
    "pageId": "3",
    "area": "x",
    "zone": "y",
}


class Sea(JpaasSpider):
    name = "sea"
    agency = "海洋局"
    columns = {"通知": "https://www.sea.gov.cn/t/"}
    tag_id = "list"


def test_the_order_of_the_ids_is_not_that_of_their_storage() -> None:
    """A JSON column of a database may give them back in another order."""
    source, names = Sea(), [*IDS, "url"]
    ids = IDS | {"url": UNIT}
    asked = "&".join(f"{name}={value}" for name, value in IDS.items())
    for seed in range(5):
        random.Random(seed).shuffle(names)
        assert source.list_url("通知", {name: ids[name] for name in names}) == f"{UNIT}?{asked}"
