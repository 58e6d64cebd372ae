"""北京市经济和信息化局. Plain TRS lists; articles of 2019 end in {id}.htm."""

from crawler.platforms.trs import TrsSpider


class BeijingJxj(TrsSpider):
    name = "beijing_jxj"
    agency = "北京市经济和信息化局"
    region = "110000"
    level = "province"
    columns = {
        "通知公告": "https://jxj.beijing.gov.cn/jxdt/tzgg/",
        "政策文件": "https://jxj.beijing.gov.cn/zwgk/2024zcwj/",
        "办事通知": "https://jxj.beijing.gov.cn/bsfw/bstz/",
    }
    row_css = "li:has(> a[title]):has(> span.date)"
