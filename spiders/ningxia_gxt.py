"""宁夏回族自治区工业和信息化厅. TRS now; articles of 2019 are VSB pages, /info/COL/ID.htm."""

from crawler.platforms.trs import TrsSpider
from crawler.reading.notice import Selectors

_ROOT = "https://gxt.nx.gov.cn/zwgk/fdzdgknr/zcfg/"


class NingxiaGxt(TrsSpider):
    name = "ningxia_gxt"
    agency = "宁夏回族自治区工业和信息化厅"
    region = "640000"
    level = "province"
    columns = {
        "工信厅文件": f"{_ROOT}gxtwj/index.html",
        "政策解读": f"{_ROOT}zcjd/index.html",
        "法律法规": f"{_ROOT}flfg/index.html",
    }
    row_css = "li:has(> a):has(> span)"
    selectors = Selectors(body=".view.TRS_UEDITOR, .TRS_Editor, #vsb_content")
