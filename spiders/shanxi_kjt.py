"""山西省科学技术厅. Rows show no date; articles of 2019 are jeecms pages, /COL/ID.jhtml."""

from crawler.platforms.trs import TrsSpider


class ShanxiKjt(TrsSpider):
    name = "shanxi_kjt"
    agency = "山西省科学技术厅"
    region = "140000"
    level = "province"
    columns = {"科技政策": "http://kjt.shanxi.gov.cn/zcfg/sxskjcxzc/"}
    row_css = "div.rightcontent li a"
    plain_pages = r"\.jhtml$"
