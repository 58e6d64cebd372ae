"""山东省工业和信息化厅. Answers on plain http only."""

from crawler.platforms.jpage import JpageSpider
from crawler.reading.notice import Selectors

_COLUMN = "http://gxt.shandong.gov.cn/col/col{}/index.html"


class ShandongGxt(JpageSpider):
    name = "shandong_gxt"
    agency = "山东省工业和信息化厅"
    region = "370000"
    level = "province"
    columns = {
        "通知": _COLUMN.format(15201),
        "公告": _COLUMN.format(15202),
        "公示": _COLUMN.format(15203),
        "政策文件": _COLUMN.format(103865),
        "政策解读": _COLUMN.format(15188),
    }
    unit = "#second1"
    selectors = Selectors(body="#second1 div.news-body")
