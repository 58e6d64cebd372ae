"""工业和信息化部. The RSS plugin and the policy search list the same items and are left out."""

from crawler.platforms.jpaas import JpaasSpider
from crawler.reading.notice import Selectors

_FILES = "https://www.miit.gov.cn/zwgk/zcwj/wjfb/"


class Miit(JpaasSpider):
    name = "miit"
    agency = "工业和信息化部"
    columns = {
        "通知": f"{_FILES}tz/index.html",
        "公告": f"{_FILES}gg/index.html",
        "意见": f"{_FILES}yj/index.html",
        "文件公示": "https://www.miit.gov.cn/zwgk/wjgs/index.html",
        "政策解读": "https://www.miit.gov.cn/zwgk/zcjd/index.html",
        "意见征集": "https://www.miit.gov.cn/gzcy/yjzj/index.html",
        "司局文件": "https://wap.miit.gov.cn/jgsj/xgj/wjfb/index.html",
    }
    tag_id = "右侧内容"
    row_css = ".page-content ul li"
    selectors = Selectors(title="#con_title", body="#con_con, .ccontent")
