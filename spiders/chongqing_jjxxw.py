"""重庆市经济和信息化委员会. The title stands in a p, the date in a span, both in the link."""

from crawler.platforms.trs import TrsSpider
from crawler.reading.notice import Selectors

_ROOT = "https://jjxxw.cq.gov.cn/zwgk_213/"


class ChongqingJjxxw(TrsSpider):
    name = "chongqing_jjxxw"
    agency = "重庆市经济和信息化委员会"
    region = "500000"
    level = "province"
    columns = {
        "公示公告": f"{_ROOT}gsgg/",
        "其他文件": f"{_ROOT}zcwj/qtwj/",
        "行政规范性文件": f"{_ROOT}zcwj/xzgfxwj/",
        "图片解读": f"{_ROOT}zcjd/tpjd/",
        "政策问答": f"{_ROOT}zcjd/zcwd/zcwdbt/",
    }
    row_css = "div.list a:has(> p), div.item.on a:has(> p)"
    selectors = Selectors(body=".trs_editor_view, .zwxl-content, .zwxl-article")
    plain_pages = r"/main/.+/[0-9a-f]{32}\.html$"
