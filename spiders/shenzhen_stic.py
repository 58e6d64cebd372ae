"""深圳市科技创新局（2019 年为科技创新委员会）. Articles of 2019 are /YYYYMM/tYYYYMMDD_ID.htm."""

from crawler.platforms.guangdong import GuangdongSpider
from crawler.source import Column


class ShenzhenStic(GuangdongSpider):
    name = "shenzhen_stic"
    agency = "深圳市科技创新局"
    region = "440300"
    level = "city"
    columns = {
        "通知公告": "https://stic.sz.gov.cn/xxgk/tzgg/",
        "政策法规": Column("https://stic.sz.gov.cn/xxgk/zcfg/zcfg/", "ul#fgList li"),
        "信息公开目录": "https://stic.sz.gov.cn/gkmlpt/index",
        "行政规范性文件": "https://stic.sz.gov.cn/gkmlpt/policy",
    }
    row_css = "li:has(> a[href*='post_'], > a[href*='/t20']):has(> span)"
    tls = "legacy"
    tls_reason = "服务器的椭圆曲线参数被 OpenSSL 3 拒绝"
