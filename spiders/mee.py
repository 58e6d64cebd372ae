"""生态环境部. Several lists of one TRS site; /zcwj/ lists print the date before the link."""

from crawler.platforms.trs import TrsSpider
from crawler.source import Column


class Mee(TrsSpider):
    name = "mee"
    agency = "生态环境部"
    columns = {
        "公开征求意见": "https://www.mee.gov.cn/xxgk2018/xxgk/xxgk06/",
        "办公厅文件": "https://www.mee.gov.cn/xxgk2018/xxgk/xxgk05/",
        "其他文件": "https://www.mee.gov.cn/xxgk2018/xxgk/xxgk10/",
        "行政规范性文件": "https://www.mee.gov.cn/xxgk2018/xxgk/xzgfxwj/",
        "标准发布": "https://www.mee.gov.cn/ywgz/fgbz/bz/bzfb/",
        "标准": "https://www.mee.gov.cn/ywgz/fgbz/bz/",
        "规章": "https://www.mee.gov.cn/ywgz/fgbz/guizhang/",
        "生态环境部文件": "https://www.mee.gov.cn/zcwj/sthjbwj/",
        "国务院文件": "https://www.mee.gov.cn/zcwj/gwywj/",
        "公示公告": Column("https://www.mee.gov.cn/ywdt/", ".bd div:nth-child(6) a.cjcx_biaob"),
        "公告": Column("https://www.mee.gov.cn/xxgk2018/xxgk/xxgk01/", browser=True),
        "部文件": Column("https://www.mee.gov.cn/xxgk2018/xxgk/xxgk03/", browser=True),
    }
    row_css = "li:has(a[href*='t20'])"
