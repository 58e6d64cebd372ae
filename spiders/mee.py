"""生态环境部. Several lists of one TRS site; /zcwj/ lists print the date before the link."""

from crawler.platforms.trs import TrsSpider
from crawler.spider import Column

_XXGK = "https://www.mee.gov.cn/xxgk2018/xxgk/"
_LINK = "a[href*='t20']"


class Mee(TrsSpider):
    name = "mee"
    agency = "生态环境部"
    region = "000000"
    level = "ministry"
    columns = {
        "公开征求意见": f"{_XXGK}xxgk06/",
        "办公厅文件": f"{_XXGK}xxgk05/",
        "其他文件": f"{_XXGK}xxgk10/",
        "行政规范性文件": f"{_XXGK}xzgfxwj/",
        "标准发布": "https://www.mee.gov.cn/ywgz/fgbz/bz/bzfb/",
        "标准": "https://www.mee.gov.cn/ywgz/fgbz/bz/",
        "规章": "https://www.mee.gov.cn/ywgz/fgbz/guizhang/",
        "生态环境部文件": "https://www.mee.gov.cn/zcwj/sthjbwj/",
        "国务院文件": "https://www.mee.gov.cn/zcwj/gwywj/",
        "公示公告": Column("https://www.mee.gov.cn/ywdt/", ".bd div:nth-child(6) a.cjcx_biaob"),
        "公告": Column(f"{_XXGK}xxgk01/", browser=True),
        "部文件": Column(f"{_XXGK}xxgk03/", browser=True),
    }
    row_css = f"li:has({_LINK})"
