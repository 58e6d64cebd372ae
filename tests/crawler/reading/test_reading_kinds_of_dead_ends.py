"""Pages that are no notice: challenges, refusals, log-ins, errors, redirects, shells, empty lists and
channels, bare or inside the full frame of a site; and the notices that only look like one."""

# ruff: noqa: E501 - one form of markup, one line

import pytest

from crawler.reading.charset import build_response
from crawler.reading.kind.challenges import challenge_reason
from crawler.reading.page_kind import Kind, page_kind

URL = "http://sl.example.gov.cn/tzgg/202604/t20260408_311.html"
COLUMN = "http://sl.example.gov.cn/tzgg/"
SITE = "青禾市水利局"
HOT = "".join(
    f"<li><a href=/xw/t2026030{n}_{n}.html>我市第{n}批小型水库除险加固工程开工建设</a><span>2026-03-0{n}</span></li>"
    for n in range(1, 7)
)
COLUMNS = "首页 机构概况 政务公开 水旱灾害防御 办事服务 互动交流 专题专栏 公众参与 数据开放"
MENU = "".join(f"<li><a href=/lm{n}/>{name}</a></li>" for n, name in enumerate(COLUMNS.split()))
FOOT = f"<div class=b><p>主办单位：{SITE}　地址：青禾市滨河路18号　邮编：000000</p><p>联系电话：0000-1234567（工作日）</p><p>版权所有：{SITE} 某ICP备00000000号 网站标识码：0000000000</p></div>"
SCRIPTS = (
    "<script src=/js/jquery.js></script><script>var _hmt=[];(function(){var a=1;})();</script>"
)


def modern(inner: str, title: str = SITE) -> str:
    return (
        f"<html><head><meta charset=utf-8><title>{title}</title><meta name=SiteName content={SITE}>{SCRIPTS}</head><body>"
        f"<div class=t><a href=/login>登录</a><span>2026年4月9日 星期四</span></div><ul class=m>{MENU}</ul>"
        f"<div class=p>当前位置：<a href=/>首页</a> &gt; <a href=/tzgg/>通知公告</a></div><div class=c>{inner}</div>{FOOT}</body></html>"
    )


def with_hot_list(inner: str, title: str = SITE) -> str:
    return modern(
        f"<div class=l><h3>热点信息</h3><ul>{HOT}</ul></div><div class=r>{inner}</div>", title
    )


def bare(inner: str, title: str = "") -> str:
    return (
        f"<html><head><meta charset=utf-8><title>{title}</title></head><body>{inner}</body></html>"
    )


def kind(markup: str, url: str = URL) -> Kind:
    found = page_kind(build_response(url, markup.encode()))
    assert found.reason
    assert "\n" not in found.reason
    return found.kind


FRAMES = pytest.mark.parametrize("frame", [modern, with_hot_list, bare])

ERRORS = [
    "该信息已下线或已被删除！",
    "该信息已失效或您没有权限查看。",
    "对不起，您访问的页面不存在或已被删除",
    "抱歉，您要查看的文章已被删除",
    "很抱歉！您查找的内容不存在",
    "此文章未找到",
    "您所请求的网址无法打开，请检查后重试",
    "您没有权限浏览该页面",
    "参数错误！",
    "系统繁忙，请稍后再试",
    "服务器内部错误",
    "404",
    "啊哦，页面丢失了",
    "该文章正在审核中",
    "找不到指定的文章！",
    "抱歉，出错了",
    "HTTP 错误 404.0 - Not Found",
    "网站正在维护，暂时无法访问",
    "内容已被移除",
]  # fmt: skip


@FRAMES
@pytest.mark.parametrize("words", ERRORS)
def test_an_error_page_with_status_200(frame, words: str) -> None:  # type: ignore[no-untyped-def]
    inner = f"<img src=/images/wrong.png><p>{words}</p><p><a href=/>返回首页</a> <a href='javascript:history.go(-1)'>返回上一页</a></p>"
    assert kind(frame(inner)) is Kind.ERROR
    later = f"{inner}<script>setTimeout(function(){{location.href='/'}},5000)</script>"
    assert kind(frame(later)) is Kind.ERROR


@pytest.mark.parametrize(
    "markup",
    [
        bare("<script>alert('您查看的信息不存在！');history.back();</script>"),
        bare("<h1>Index of /upload</h1><pre><a href=a>a</a></pre>", "Index of /upload"),
        bare(
            "<h1>Welcome to nginx!</h1><p>If you see this page, the web server is working.</p>",
            "Welcome to nginx!",
        ),
        bare(
            "<p>Microsoft OLE DB Provider for ODBC Drivers 错误 '80004005'</p><p>/show.asp，行 12</p>"
        ),
        bare("<p>没有找到站点</p><p>您的请求在Web服务器中没有找到对应的站点！</p>", "没有找到站点"),
    ],
)
def test_an_error_page_of_a_server(markup: str) -> None:
    assert kind(markup) is Kind.ERROR


FORM = "<form action=/sso/login method=post>用户名：<input name=u>密码：<input type=password name=p><input type=submit value=登录></form>"
LOGINS = [
    ("", f"<h3>用户登录</h3><p>您尚未登录或登录已超时，请登录后查看。</p>{FORM}"),
    (f"用户登录-{SITE}", f"<h3>用户登录</h3>{FORM}"),
    (f"统一身份认证 | {SITE}", f"<p>请输入账号和密码</p>{FORM}"),
    ("", "<p>请先登录！</p><a href=/login.jsp>登录</a>"),
    ("", "<p>会话已过期，请重新登录</p>"),
]


@FRAMES
@pytest.mark.parametrize(("title", "inner"), LOGINS)
def test_a_log_in_page(frame, title: str, inner: str) -> None:  # type: ignore[no-untyped-def]
    assert kind(frame(inner, title)) is Kind.LOGIN


NEW = "http://slj.example.gov.cn/tzgg/t20260408_5.html"
LEADS = {
    f"<script>window.location.replace('{NEW}');</script>": NEW,
    f"<script>top.location.href = \"{NEW}\";</script>": NEW,
    f"<script>// the new site\nself.location='{NEW}'</script>": NEW,
    "<script>location.href='http://' + 'slj.example.gov.cn' + '/tzgg/t20260408_5.html'</script>": NEW,
    f"<script>var url = '{NEW}'; window.location = url;</script>": NEW,
    "<script>location.href=location.protocol+'//'+location.host+'/new/5.html'</script>": "http://sl.example.gov.cn/new/5.html",
    f"<script>function go(){{window.location.href='{NEW}';}} setTimeout('go()',3000);</script>": NEW,
    f"<script>window.onload=function(){{location.assign('{NEW}')}}</script>": NEW,
    f"<script>window.open('{NEW}','_self')</script>": NEW,
    f"<script>var t=3;setInterval(function(){{t--;if(t==0){{location.href='{NEW}'}}}},1000)</script>": NEW,
    "<meta http-equiv=refresh content='0;url=../202605/7.html'>": "http://sl.example.gov.cn/tzgg/202605/7.html",
    "<meta http-equiv=Refresh content=\"3; URL='/x/7.html'\">": "http://sl.example.gov.cn/x/7.html",
    "<form action=/new/show name=f><input type=hidden name=id value=7></form><script>document.f.submit()</script>": "http://sl.example.gov.cn/new/show?id=7",
    "<form action=/new/show method=post name=f><input type=hidden name=t value=7></form><script>document.forms[0].submit();</script>": "",
}  # fmt: skip


@FRAMES
@pytest.mark.parametrize("script", LEADS)
def test_a_page_that_leads_on(frame, script: str) -> None:  # type: ignore[no-untyped-def]
    markup = frame(f"{script}<p>正在跳转，请稍候，或<a href='{NEW}'>点击这里</a></p>")
    found = page_kind(build_response(URL, markup.encode()))
    assert (found.kind, found.target) == (Kind.REDIRECT, LEADS[script])


@pytest.mark.parametrize(
    "script",
    [
        "<script>function so(){location.href='/so?q='+q.value}</script>",
        "<script>if(/mobile/i.test(navigator.userAgent)){location.href='/wap/'}</script>",
        "<noscript><meta http-equiv=refresh content='0;url=/nojs.html'></noscript>",
        "<!--[if lt IE 9]><meta http-equiv=refresh content='0;url=/ie.html'><![endif]-->",
        "<meta http-equiv=refresh content=300>",
        "<meta http-equiv=refresh content='300;url='>",
        "<script>if(screen.width<700){location.href='/wap/'}</script>",
        "<script>document.onkeydown=function(){ if(a) location.href='/'}</script>",
    ],
)
def test_what_does_not_lead_on(script: str) -> None:
    head = "<h1>关于城区水厂检修的公告</h1><p>发布时间：2026-04-08</p>"
    assert kind(modern(f"{script}{head}<p>详见附图。</p><img src=a.jpg>")) is Kind.NOTICE
    assert kind(modern(f"{script}<div class=list id=list></div>"), COLUMN) is Kind.SHELL


def test_a_page_of_frames() -> None:
    found = page_kind(
        build_response(
            COLUMN,
            b"<html><frameset rows=90,*><frame src=top.html><frame src=main.html></frameset></html>",
        )
    )
    assert (found.kind, found.target) == (Kind.REDIRECT, COLUMN + "main.html")
    found = page_kind(
        build_response(
            COLUMN, b"<html><body><iframe src=/portal/ width=100%></iframe></body></html>"
        )
    )
    assert (found.kind, found.target) == (Kind.REDIRECT, "http://sl.example.gov.cn/portal/")


CHALLENGES = {
    "创宇盾": "<title>创宇盾</title><h2>当前访问疑似黑客攻击，已被创宇盾拦截</h2><p>如有疑问请联系网站管理员，事件编号 0a1b</p>",
    "安全狗": "<title>网站防火墙</title><p>您的请求带有不合法参数，已被网站管理员设置拦截！</p><p>可能原因：您提交的内容包含危险的攻击请求</p>",
    "加速乐": "<script>document.cookie=('_')+('_')+('j')+('s')+'l';location.href=location.pathname+location.search</script>",
    "加速乐 2": '<script>go({"bts":["17|0|a","b"],"chars":"abc","ct":"8c","ha":"md5"})</script>',
    "瑞数": "<meta id=x content=a><script r=m>$_ts=window['$_ts'];if(!$_ts)$_ts={};</script>",
    "阿里滑块": "<title>滑动验证页面</title><p>为了保障您的访问安全，请按住滑块，拖动到最右边完成验证</p><script src=//g.alicdn.com/sd/nch5/index.js></script>",
    "雷池": "<title>安全检测中</title><script src=/.safeline/static/c.js></script><p>正在进行安全检测，请稍候</p>",
    "境外": "<title>403</title><h3>根据管理要求，本网站仅限中国大陆境内访问。</h3><p>Your IP: 203.0.113.9</p>",
    "境外 2": "<p>您所在的地区暂时无法访问本网站</p>",
    "频繁": "<p>您的访问过于频繁，请稍后再试</p>",
    "F5": "<p>The requested URL was rejected. Please consult with your administrator.</p><p>Your support ID is: 123</p>",
    "cookie": "<script>document.cookie='k=1;path=/';window.location.reload();</script>",
}  # fmt: skip


@pytest.mark.parametrize("name", CHALLENGES)
def test_a_challenge_or_refusal(name: str) -> None:
    response = build_response(URL, bare(CHALLENGES[name]).encode())
    assert challenge_reason(response)
    assert page_kind(response).kind is Kind.CHALLENGE


EMPTY = [
    "暂无相关信息",
    "本栏目暂无信息，敬请期待！",
    "没有找到符合条件的数据",
    "抱歉，暂无数据",
    "内容正在更新中……",
    "共0条记录",
]


@pytest.mark.parametrize("words", EMPTY)
def test_a_column_without_rows(words: str) -> None:
    inner = f"<h2>规范性文件</h2><ul></ul><div class=none>{words}</div>"
    assert kind(modern(inner, f"规范性文件-{SITE}"), COLUMN) is Kind.EMPTY
    assert kind(with_hot_list(inner, f"规范性文件-{SITE}"), COLUMN) is Kind.EMPTY


SHELLS = [
    "<h2>通知公告</h2><div><script src=/build/unit.js querydata=\"{'id':'1'}\"></script></div>",
    "<h2>通知公告</h2><ul id=list></ul><script type=text/html id=tpl><li><a href='{{d.url}}'>{{d.title}}</a></li></script>",
    "<h2>通知公告</h2><ul id=list></ul><p>数据加载中...</p>",
    "<div id=content></div>",
]


@pytest.mark.parametrize("inner", SHELLS)
def test_a_frame_that_scripts_fill(inner: str) -> None:
    assert kind(modern(inner, f"通知公告-{SITE}"), COLUMN) is Kind.SHELL


def block(heading: str, at: int, count: int = 6) -> str:
    rows = "".join(
        f"<li><a href=/{at}/t2026040{n}_{at}{n}.html>{heading}第{n}期工作情况的报道和说明</a><span>04-0{n}</span></li>"
        for n in range(1, count + 1)
    )
    return f"<div class=k><div class=h><h3>{heading}</h3><a href=/{at}/>更多&gt;&gt;</a></div><ul>{rows}</ul></div>"


PAGING = "<div class=pg><a href=#>上一页</a> 1 <a href=#>2</a> <a href=#>下一页</a> 共2页</div>"
CHANNELS = {
    "topic": (block("动态", 1) + block("政策", 2) + block("地方", 3), f"节水宣传周专题-{SITE}"),
    "home": (block("水利要闻", 1, 8) + block("通知公告", 2, 7) + block("政策文件", 3, 5), SITE),
    "departments": (
        "<h2>部门信息公开</h2><table><tr>" + "".join(f"<td><a href=/bm/{n}/>市第{n}管理局</a></td>" for n in range(12)) + "</tr></table>",
        f"部门信息公开-{SITE}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANNELS)
def test_a_channel(name: str) -> None:
    inner, title = CHANNELS[name]
    assert kind(modern(inner, title), "http://sl.example.gov.cn/zt/") is Kind.CHANNEL


LISTS = {
    "of one block": block("通知公告", 1),
    "beside another block": block("通知公告", 1, 8) + block("政策文件", 2, 6),
    "with pages, beside others": block("公示", 1, 8) + PAGING + block("政策文件", 2, 8),
    "with pages to jump to": f"{block('公示', 1, 8)}<script>function go(n){{location.href='list_'+n+'.html'}}</script>转到第<input>页 跳转",
    "beside a hot list": block("公示", 1, 8) + block("点击排行", 2, 8),
    "with a log-in that says so": f"<div class=u>您还没有登录！{FORM}</div>{block('通知公告', 1)}",
    "with a log-in": f"<div class=u>用户登录{FORM}</div>{block('通知公告', 1)}",
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_beside_other_blocks(name: str) -> None:
    assert kind(modern(LISTS[name], f"通知公告-{SITE}"), COLUMN) is Kind.LIST


INFO = "<div class=i>发布时间：2026-04-08　来源：市水利局　浏览次数：12</div>"
NOTICES = [
    (
        "关于门户网站系统维护暂停服务的公告",
        "因设备检修，4月10日网站正在维护中，暂时无法访问。特此公告。",
    ),
    ("关于统一身份认证登录方式调整的通知", "用户请先登录平台完成实名认证，登录超时的请重新登录。"),
    ("关于开展网站安全验证工作的通知", "请完成安全验证，访问异常的将被拦截。"),
    ("关于页面不存在问题整改情况的说明", "经核查，反映的页面不存在问题已整改。"),
    ("关于清理404错误链接的通知", "请于4月底前清理。"),
    ("关于废止部分文件的公告", "该文件已失效。"),
    ("公告", "自4月10日起停水。"),
    ("关于暂无相关信息公开事项的说明", "暂无相关信息。"),
]


@pytest.mark.parametrize("frame", [modern, with_hot_list])
@pytest.mark.parametrize(("title", "words"), NOTICES)
def test_a_notice_that_tells_of_such_pages(frame, title: str, words: str) -> None:  # type: ignore[no-untyped-def]
    markup = frame(f"<h1>{title}</h1>{INFO}<div class=x><p>{words}</p></div>", f"{title}-{SITE}")
    assert kind(markup) is Kind.NOTICE
    login = f"<form action=/l>用户名<input name=u>密码<input type=password name=p></form>{markup}"
    assert kind(login) is Kind.NOTICE


@pytest.mark.parametrize(("title", "words"), NOTICES)
def test_a_notice_without_a_frame_is_no_challenge(title: str, words: str) -> None:
    markup = bare(
        f"<h1>{title}</h1><p>发布时间：2026-04-08</p><p>{words}</p><script>1</script>", title
    )
    assert challenge_reason(build_response(URL, markup.encode())) is None
    assert kind(markup) is Kind.NOTICE
