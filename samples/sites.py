"""The nine sites of the sample nights: names, hosts, menus, and their columns."""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Column:
    """One list of a site. `ident` is the platform's own number for it (pageId, catalogue, unit);
    `validators` says which of ETag and Last-Modified its list carries."""

    source: str
    name: str
    url: str
    ident: str = ""
    validators: str = "etag+modified"
    layout: str = ""  # which of the site's list layouts shows it
    size: int = 15  # rows a page


@dataclass(frozen=True, slots=True)
class Site:
    """One site; `menu` is its navigation (name, path, children)."""

    key: str
    name: str
    home: str
    code: str  # SiteIDCode
    icp: str
    street: str
    menu: tuple[tuple[str, str, tuple[str, ...]], ...]
    columns: tuple[Column, ...]
    server: str = "nginx"
    content_type: str = "text/html"
    tint: str = "#1b5aa8"  # the look's main colour
    robots: str = ""  # a name of samples/looks/robots.*; "" answers 404

    @property
    def host(self) -> str:
        """The site's own host."""
        return urlsplit(self.home).netloc


def _mee(
    name: str,
    path: str,
    layout: str,
    ident: str = "",
    validators: str = "etag+modified",
    size: int = 15,
) -> Column:
    return Column("mee", name, f"https://www.mee.gov.cn{path}", ident, validators, layout, size)


def _miit(name: str, url: str, ident: str) -> Column:
    return Column("miit", name, url, ident, "modified")


def _shandong(name: str, number: str, unit: str, validators: str) -> Column:
    url = f"http://gxt.shandong.gov.cn/col/col{number}/index.html"
    return Column("shandong_gxt", name, url, unit, validators)


def _chongqing(name: str, path: str, layout: str, validators: str = "etag+modified") -> Column:
    url = f"https://jjxxw.cq.gov.cn/zwgk_213/{path}"
    return Column("chongqing_jjxxw", name, url, "", validators, layout)


def _ningxia(name: str, path: str) -> Column:
    url = f"https://gxt.nx.gov.cn/zwgk/fdzdgknr/zcfg/{path}/index.html"
    return Column("ningxia_gxt", name, url)


SITES: dict[str, Site] = {
    site.key: site
    for site in (
        Site(
            key="mee",
            name="中华人民共和国生态环境部",
            home="https://www.mee.gov.cn/",
            code="bm17000009",
            icp="京ICP备05009132号",
            street="北京市东城区东安门大街82号",
            tint="#0f5b9c",
            robots="rules",
            menu=(
                ("组织机构", "/zjhb/", ("部领导", "机关司局", "派出机构", "直属单位")),
                ("要闻动态", "/ywdt/", ("环境要闻", "新闻发布", "公示公告", "例行发布会")),
                ("政策文件", "/zcwj/", ("国务院文件", "生态环境部文件", "政策解读")),
                ("业务工作", "/ywgz/", ("法规标准", "水生态环境", "大气环境", "固废与化学品")),
                ("互动交流", "/hdjl/", ("部长信箱", "12369举报", "征集调查", "在线访谈")),
                ("办事服务", "/bsfw/", ("行政审批", "查询服务", "常用表格")),
                ("环境质量", "/hjzl/", ("空气质量预报", "地表水水质", "核与辐射")),
            ),
            columns=(
                _mee("公开征求意见", "/xxgk2018/xxgk/xxgk06/", layout="xxgk"),
                _mee("办公厅文件", "/xxgk2018/xxgk/xxgk05/", layout="xxgk"),
                _mee("其他文件", "/xxgk2018/xxgk/xxgk10/", layout="xxgk", validators="etag"),
                _mee("行政规范性文件", "/xxgk2018/xxgk/xzgfxwj/", layout="xxgk", size=20),
                _mee("标准发布", "/ywgz/fgbz/bz/bzfb/", layout="xxgk", validators="modified"),
                _mee("生态环境部文件", "/zcwj/sthjbwj/", ident="28950", layout="zcwj", size=8),
                _mee("国务院文件", "/zcwj/gwywj/", ident="28949", layout="zcwj"),
                _mee("规章", "/ywgz/fgbz/guizhang/", ident="29014", layout="zcwj"),
                _mee("标准", "/ywgz/fgbz/bz/", ident="29021", layout="zcwj", validators="modified"),
                _mee("公示公告", "/ywdt/", layout="block", size=20),
                _mee("公告", "/xxgk2018/xxgk/xxgk01/", layout="browser", validators=""),
                _mee("部文件", "/xxgk2018/xxgk/xxgk03/", layout="browser", validators=""),
            ),
        ),
        Site(
            key="miit",
            name="中华人民共和国工业和信息化部",
            home="https://www.miit.gov.cn/",
            code="bm07000001",
            icp="京ICP备04000001号",
            street="北京市西长安街13号",
            tint="#c01016",
            server="openresty",
            content_type="text/html;charset=UTF-8",
            robots="open",
            menu=(
                ("组织机构", "/gyhxxhb/", ("部领导", "机关司局", "派出机构", "部属单位")),
                ("新闻动态", "/xwdt/", ("时政要闻", "领导活动", "工信动态", "图片新闻")),
                (
                    "政务公开",
                    "/zwgk/",
                    ("政策文件", "政策解读", "文件公示", "规划计划", "人事信息"),
                ),
                ("政务服务", "/zwfw/", ("行政许可", "信用信息", "办事指南")),
                ("公众参与", "/gzcy/", ("意见征集", "部长信箱", "在线访谈", "网上信访")),
                ("工信数据", "/gxsj/", ("统计分析", "数据查询", "月度报告")),
                ("专题专栏", "/ztzl/", ("制造强国", "网络强国", "减轻企业负担")),
            ),
            columns=(
                _miit(
                    "通知",
                    "https://www.miit.gov.cn/zwgk/zcwj/wjfb/tz/index.html",
                    "3e3ad1a3bec74939890a0d3e54815141",
                ),
                _miit(
                    "公告",
                    "https://www.miit.gov.cn/zwgk/zcwj/wjfb/gg/index.html",
                    "8f1d5c0b7a6e4d92b3c4a5f60718293a",
                ),
                _miit(
                    "意见",
                    "https://www.miit.gov.cn/zwgk/zcwj/wjfb/yj/index.html",
                    "b7d40e6f2c9a4b1882f3d5c6a7081942",
                ),
                _miit(
                    "文件公示",
                    "https://www.miit.gov.cn/zwgk/wjgs/index.html",
                    "5a2e9c1748fb4d03a6c7e8f901b2d3c4",
                ),
                _miit(
                    "政策解读",
                    "https://www.miit.gov.cn/zwgk/zcjd/index.html",
                    "e1c5a9d3f7b24068952c4d6e8fa0b1c2",
                ),
                _miit(
                    "意见征集",
                    "https://www.miit.gov.cn/gzcy/yjzj/index.html",
                    "ff3aac0962cb45e48e8e4da69450e847",
                ),
                _miit(
                    "司局文件",
                    "https://wap.miit.gov.cn/jgsj/xgj/wjfb/index.html",
                    "41f6b3a8c05d4e7f9a1b2c3d4e5f6071",
                ),
            ),
        ),
        Site(
            key="beijing_jxj",
            name="北京市经济和信息化局",
            home="https://jxj.beijing.gov.cn/",
            code="1100000140",
            icp="京ICP备19033929号",
            street="北京市通州区运河东大街57号",
            tint="#b5201f",
            robots="open",
            menu=(
                ("机构职能", "/jgzn/", ("局领导", "内设机构", "直属单位")),
                ("经信动态", "/jxdt/", ("工作动态", "通知公告", "区县动态")),
                ("政务公开", "/zwgk/", ("政策文件", "政策解读", "规划计划", "财政信息")),
                ("办事服务", "/bsfw/", ("办事通知", "办事指南", "下载中心")),
                ("互动交流", "/hdjl/", ("意见征集", "局长信箱", "常见问题")),
                ("专题专栏", "/ztzl/", ("高精尖产业", "智慧城市", "企业服务")),
            ),
            columns=(
                Column("beijing_jxj", "通知公告", "https://jxj.beijing.gov.cn/jxdt/tzgg/", size=18),
                Column(
                    "beijing_jxj",
                    "政策文件",
                    "https://jxj.beijing.gov.cn/zwgk/2024zcwj/",
                    validators="etag",
                ),
                Column("beijing_jxj", "办事通知", "https://jxj.beijing.gov.cn/bsfw/bstz/"),
            ),
        ),
        Site(
            key="shandong_gxt",
            name="山东省工业和信息化厅",
            home="http://gxt.shandong.gov.cn/",
            code="3700000042",
            icp="鲁ICP备05039561号",
            street="济南市历下区省府前街1号",
            tint="#2672b8",
            server="Apache-Coyote/1.1",
            content_type="text/html;charset=utf-8",
            menu=(
                ("机构概况", "/col/col15166/index.html", ("厅领导", "机关处室", "直属单位")),
                ("新闻中心", "/col/col15178/index.html", ("工作动态", "市县信息", "媒体聚焦")),
                ("政府信息公开", "/col/col94092/index.html", ("公开指南", "公开目录", "年度报告")),
                ("政策法规", "/col/col103865/index.html", ("政策文件", "政策解读", "法律法规")),
                ("办事服务", "/col/col15210/index.html", ("行政许可", "资料下载", "网上办事")),
                ("互动交流", "/col/col15220/index.html", ("厅长信箱", "民意征集", "在线访谈")),
            ),
            columns=(
                _shandong("通知", "15201", "69854", "etag+modified"),
                _shandong("公告", "15202", "69855", "modified"),
                _shandong("公示", "15203", "69856", "etag+modified"),
                _shandong("政策文件", "103865", "402117", "etag"),
                _shandong("政策解读", "15188", "69841", "etag+modified"),
            ),
        ),
        Site(
            key="chongqing_jjxxw",
            name="重庆市经济和信息化委员会",
            home="https://jjxxw.cq.gov.cn/",
            code="5000000031",
            icp="渝ICP备19014316号",
            street="重庆市两江新区云杉南路12号",
            tint="#0a6ebd",
            robots="page",  # an HTML page with 200 stands where robots.txt should
            content_type="text/html; charset=utf-8",
            menu=(
                ("首页", "/", ()),
                ("机构职能", "/zwgk_213/jgzn/", ("领导信息", "内设机构", "下属单位")),
                ("政务公开", "/zwgk_213/", ("公示公告", "政策文件", "政策解读", "人事信息")),
                ("政务服务", "/zwfw_213/", ("权责清单", "办事指南", "表格下载")),
                ("互动交流", "/hdjl_213/", ("民意征集", "公开信箱", "在线访谈")),
                ("专题专栏", "/ztzl_213/", ("经济运行", "智能制造", "民营经济")),
            ),
            columns=(
                _chongqing("公示公告", "gsgg/", "list"),
                _chongqing("其他文件", "zcwj/qtwj/", "item"),
                _chongqing("行政规范性文件", "zcwj/xzgfxwj/", "item", "modified"),
                _chongqing("图片解读", "zcjd/tpjd/", "list", "etag"),
                _chongqing("政策问答", "zcjd/zcwd/zcwdbt/", "list"),
            ),
        ),
        Site(
            key="ningxia_gxt",
            name="宁夏回族自治区工业和信息化厅",
            home="https://gxt.nx.gov.cn/",
            code="6400000036",
            icp="宁ICP备06000001号",
            street="银川市金凤区上海西路18号",
            tint="#13794b",
            robots="rules",
            menu=(
                ("机构", "/jg/", ("厅领导", "机关处室", "直属机构")),
                ("动态", "/xwzx/", ("工信要闻", "图片新闻", "市县动态")),
                ("公开", "/zwgk/", ("政府信息公开指南", "法定主动公开内容", "公开年报")),
                ("服务", "/bsfw/", ("办事指南", "企业服务", "表格下载")),
                ("互动", "/hdjl/", ("意见征集", "厅长信箱", "结果反馈")),
            ),
            columns=(
                _ningxia("工信厅文件", "gxtwj"),
                _ningxia("政策解读", "zcjd"),
                _ningxia("法律法规", "flfg"),
            ),
        ),
        Site(
            key="huaibei_jxj",
            name="淮北市经济和信息化局",
            home="http://jxj.huaibei.gov.cn/",
            code="3406000021",
            icp="皖ICP备05006498号",
            street="淮北市相山区人民中路208号",
            tint="#d4600f",
            server="nginx/1.14.2",
            content_type="text/html;charset=UTF-8",
            menu=(
                ("网站首页", "/index.html", ()),
                ("机构设置", "/jgsz/index.html", ("局领导", "科室职能", "二级机构")),
                ("信息发布", "/xxfb/index.html", ("工作动态", "通知公告", "县区传真")),
                ("政务公开", "/zwgk/index.html", ("公开目录", "公开年报", "依申请公开")),
                ("企业服务", "/qyfw/index.html", ("惠企政策", "融资对接", "技术改造")),
                ("互动交流", "/hdjl/index.html", ("局长信箱", "网上调查", "咨询投诉")),
            ),
            columns=(
                Column(
                    "huaibei_jxj",
                    "通知公告",
                    "http://jxj.huaibei.gov.cn/xxfb/tzgg/index.html",
                    "6795541",
                    size=20,
                ),
            ),
        ),
        Site(
            key="shanxi_kjt",
            name="山西省科学技术厅",
            home="http://kjt.shanxi.gov.cn/",
            code="1400000023",
            icp="晋ICP备06005512号",
            street="太原市学府街88号",
            tint="#20529b",
            server="Tengine",
            menu=(
                ("首 页", "/", ()),
                ("组织机构", "/zzjg/", ("厅领导", "厅机关", "厅属单位")),
                ("科技动态", "/kjdt/", ("工作动态", "市县科技", "图片报道")),
                ("信息公开", "/xxgk/", ("公开目录", "计划项目", "财政预决算")),
                ("政策法规", "/zcfg/", ("国家科技政策", "山西省科技政策", "政策解读")),
                ("办事大厅", "/bsdt/", ("科技计划", "成果登记", "高新技术企业")),
            ),
            columns=(
                Column(
                    "shanxi_kjt",
                    "科技政策",
                    "http://kjt.shanxi.gov.cn/zcfg/sxskjcxzc/",
                    size=20,
                    validators="modified",
                ),
            ),
        ),
        Site(
            key="shenzhen_stic",
            name="深圳市科技创新委员会",
            home="https://stic.sz.gov.cn/",
            code="4403000024",
            icp="粤ICP备15042059号",
            street="深圳市福田区福中三路市民中心C区",
            tint="#0b63b5",
            robots="rules",
            menu=(
                ("首页", "/", ()),
                ("信息公开", "/xxgk/", ("机构职能", "通知公告", "政策法规", "人事信息")),
                ("政务服务", "/zwfw/", ("行政许可", "公共服务", "资料下载")),
                ("互动交流", "/hdjl/", ("在线咨询", "民意征集", "领导信箱")),
                ("科技专题", "/kjzt/", ("双创周", "高新企业", "诺贝尔实验室")),
            ),
            columns=(
                Column(
                    "shenzhen_stic",
                    "通知公告",
                    "https://stic.sz.gov.cn/xxgk/tzgg/",
                    layout="tzgg",
                    size=20,
                ),
                Column(
                    "shenzhen_stic",
                    "政策法规",
                    "https://stic.sz.gov.cn/xxgk/zcfg/zcfg/",
                    layout="fgList",
                    validators="etag",
                ),
                Column(
                    "shenzhen_stic",
                    "信息公开目录",
                    "https://stic.sz.gov.cn/gkmlpt/index",
                    "2930",
                    layout="gkmlpt",
                    validators="modified",
                    size=100,
                ),
                Column(
                    "shenzhen_stic",
                    "行政规范性文件",
                    "https://stic.sz.gov.cn/gkmlpt/policy",
                    "2934",
                    layout="gkmlpt",
                    validators="modified",
                    size=100,
                ),
            ),
        ),
    )
}
COLUMNS: dict[tuple[str, str], Column] = {
    (column.source, column.name): column for site in SITES.values() for column in site.columns
}
