"""淮北市经济和信息化局. Sister hosts were renamed jxj to gxj: check that first when silent."""

from crawler.platforms.longxun import LongxunSpider


class HuaibeiJxj(LongxunSpider):
    name = "huaibei_jxj"
    agency = "淮北市经济和信息化局"
    region = "340600"
    level = "city"
    columns = {"通知公告": "http://jxj.huaibei.gov.cn/xxfb/tzgg/index.html"}
