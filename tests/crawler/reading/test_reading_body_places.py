"""Where the text of a notice stands, and what beside or inside it is none of it: by the page."""

# ruff: noqa: E501 - one form of markup, one line

import datetime as dt
import html

import pytest
from scrapy.http import TextResponse

from crawler.notice import Notice
from crawler.reading.charset import build_response
from crawler.reading.notice import read_notice

URL = "https://sw.example.gov.cn/tzgg/202105/t20210512_7.html"
TITLE = "关于开展节水型单位复核工作的通知"
INFO = "<div class=bar>发布时间：2021-05-12 10:20　来源：某某市水务局　浏览次数：12</div>"
LINES = [
    "各区县水务局，市直有关单位：",
    "为巩固节水型单位建设成果，决定对2018年以前命名的单位进行复核。",
    "一、复核范围",
    "2018年12月31日前命名的节水型单位，共计126家，由所在区县组织自查。",
    "二、时间安排",
    "请于6月15日前将复核结果书面报送我局节水办公室，逾期不予受理。",
]
SIGNED = ["某某市水务局", "2021年5月11日"]
TEXT = [*LINES, *SIGNED]


def lines(*texts: str, tag: str = "p") -> str:
    return "".join(f"<{tag}>{text}</{tag}>" for text in texts)


BODY = lines(*TEXT)
NAV = "<ul>" + "".join(f"<li><a href=/c{n}/>水务栏目{n}</a></li>" for n in range(8)) + "</ul>"
SIDE = (
    "<div class=side><h3>最新信息</h3><ul>"
    + "".join(
        f"<li><a href=/a/{n}.html>关于第{n}批取水许可证注销的公告</a><span>2021-05-0{n}</span></li>"
        for n in range(1, 9)
    )
    + "</ul></div>"
)
FOOT = "<div class=foot><p>主办单位：某某市水务局 版权所有</p><p>网站标识码：0000000000</p></div>"


def read(inner: str, now: dt.datetime, title: str = TITLE) -> Notice:
    head = f"<meta charset=utf-8><title>{title}_某某市水务局</title>"
    markup = f"<html><head>{head}</head><body>{inner}</body></html>"
    response = build_response(URL, markup.encode())
    assert isinstance(response, TextResponse)
    return read_notice(response, None, now=now)


def page(body: str, after: str = "", beside: str = "") -> str:
    return f"{NAV}<div class=main><h1>{TITLE}</h1>{INFO}{body}{after}</div>{beside}{FOOT}"


def escaped(markup: str) -> str:
    return html.escape(markup)


NESTED = "<div>" * 3 + BODY + "</div>" * 3
PLAIN = "\n".join(f"　　{x}" for x in TEXT)
SECTIONS = "".join(
    f"<section style='margin:0'><section><section><span>{x}</span></section></section></section>"
    for x in TEXT
)
PLACES = {
    "editor box": page(f"<div class=con>{BODY}</div>"),
    "escaped in a text area that a script shows": page(
        f"<div class=con><textarea id=nr style='display:none'>{escaped(BODY)}</textarea><div id=show></div></div>"
        "<script>document.getElementById('show').innerHTML=document.getElementById('nr').value</script>"
    ),
    "escaped in a text area below the page": page("<div class=con id=show></div>")
    + f"<textarea id=nr style='display:none'>{escaped(BODY)}</textarea>",
    "escaped in a hidden input": page(
        f'<div class=con></div><input type=hidden id=nr value="{escaped(BODY)}">'
    ),
    "in a script of type text/html": page(
        f"<div class=con id=show></div><script type='text/html' id=tpl>{BODY}</script>"
    ),
    "in a template": page(f"<div class=con id=show></div><template>{BODY}</template>"),
    "hidden until a script shows it": page(f"<div id=zoom style='display:none'>{BODY}</div>"),
    "hidden, lists beside it": page(f"<div id=zoom style='display:none'>{BODY}</div>", beside=SIDE),
    "all hidden until loaded": f"{NAV}<div class=all style='display: none;'><h1>{TITLE}</h1>{INFO}<div>{BODY}</div></div>{FOOT}",
    "noscript": page(f"<div class=con><noscript>{BODY}</noscript></div>"),
    "pre": page(f"<div class=con><pre>{PLAIN}</pre></div>"),
    "white-space pre-wrap": page(f"<div class=con style='white-space: pre-wrap'>{PLAIN}</div>"),
    "white-space pre-line inside": page(
        f"<div class=con><div><span style='font-size:16px;white-space:pre-line'>{PLAIN}</span></div></div>"
    ),
    "breaks": page("<div class=con>" + "<br>".join(f"　　{x}" for x in TEXT) + "</div>"),
    "sibling boxes": page(
        f"<div class=c>{lines(*TEXT[:2])}</div><div class=c>{lines(*TEXT[2:5])}</div><div class=c>{lines(*TEXT[5:])}</div>"
    ),
    "sections": page(f"<div class=con>{SECTIONS}</div>"),
    "nested tables": f"{NAV}<table><tr><td><table><tr><td><h1>{TITLE}</h1></td></tr><tr><td>{INFO}</td></tr>"
    f"<tr><td><table><tr><td>{BODY}</td></tr></table></td></tr></table></td></tr></table>{FOOT}",
    "unclosed table": f"{NAV}<table><tr><td><h1>{TITLE}</h1><tr><td>{INFO}<tr><td>{BODY}<tr><td>【打印】【关闭】</table>{FOOT}",
    "side before": f"{NAV}{SIDE}<div class=main><h1>{TITLE}</h1>{INFO}<div>{NESTED}</div></div>{FOOT}",
    "side inside the column": page(f"<div class=con>{BODY}</div>", after=SIDE),
    "more labels in the info box": f"{NAV}<div class=d><h2>{TITLE}</h2><div class=i><div><span>发起单位：</span><span>某某市水务局</span></div><div><span>发布时间：</span><span>2021-05-12</span></div><div><span>征集时间：</span><span>2021-05-12 至 2021-06-12</span></div><span>已结束</span></div><div><a class=on>征集内容</a><a>意见反馈</a></div><div>{BODY}</div></div>{FOOT}",
    "info as dl": f"{NAV}<div><h1>{TITLE}</h1><dl><dt>发布时间</dt><dd>2021-05-12</dd><dt>信息来源</dt><dd>某某市水务局</dd><dt>浏览次数</dt><dd>33</dd></dl><div>{BODY}</div></div>{FOOT}",
    "the phone's copy": page(f"<div class=con>{BODY}</div>")
    + f"<div class=mobile><h2>{TITLE}</h2><div>2021-05-12</div><div>{BODY}</div></div>",
    "the phone's copy first": f"{NAV}<div class=visible-xs><h2>{TITLE}</h2><div>2021-05-12</div><div>{BODY}</div></div>"
    f"<div class=hidden-xs><h1>{TITLE}</h1>{INFO}<div>{BODY}</div></div>{FOOT}",
    "the phone's copy below": page(f"<div class=pc>{BODY}</div><div class=wap>{BODY}</div>"),
    "tabs": page(
        f"<ul class=tabs><li>正文</li><li>解读</li><li>附件</li></ul><div class=tab>{BODY}</div>"
        "<div class=tab style='display:none'><p>这是对文件的解读，说明了制定的背景、依据和主要内容。</p></div>"
    ),
    "table in the text, hidden row": page(
        f"<div class=con>{BODY}<p style='display:none'>占位的说明文字，没有人能看到。</p></div>"
    ),
    "summary box": page(
        f"<div class=zy>[导读]决定对节水型单位进行复核。</div><div class=con>{BODY}</div>"
    ),
    "summary with heading": page(
        f"<div class=zy><h4>内容摘要</h4><p>决定对2018年以前命名的节水型单位进行复核，逾期不报的不再保留。</p></div><div class=con>{BODY}</div>"
    ),
    "summary, label in a span": page(
        f"<p class=zy><strong>内容概述：</strong>对节水型单位复核。</p><div class=con>{BODY}</div>"
    ),
    "beginning cut out": page(
        f"<div class=zy>{LINES[0]}{LINES[1]}...</div><div class=con>{BODY}</div>"
    ),
    "date and source in the article's header": f"{NAV}<main><article><header><h1>{TITLE}</h1><p><time>2021-05-12</time> <span>某某市水务局</span></p></header><div>{BODY}</div></article><aside>{SIDE}</aside></main>{FOOT}",
    "number between": f"{NAV}<div><div class=t>{TITLE}</div><div class=wh>某水发〔2021〕18号</div><div id=v>{NESTED}</div></div>{FOOT}",
    "number and info between": page(
        f"<div class=wh>某水发〔2021〕18号</div><div id=v>{BODY}</div>"
    ),
    "share line between": page(
        f"<div class=bd><span>分享到：</span><a>微信</a><a>微博</a></div><div class=con>{BODY}</div>"
    ),
    "tools between": page(
        f"<div class=bd><span>字号：</span><a>大</a><a>中</a><a>小</a> <a>打印</a> <a>收藏</a></div><div class=con>{BODY}</div>"
    ),
    "player without scripts": page(
        f"<div class=con>{lines(*TEXT[:2])}<div class=player><p>您的浏览器不支持视频播放，请升级浏览器</p></div>{lines(*TEXT[2:])}</div>"
    ),
    "player's alternatives": page(
        "<div class=con><video src=a.mp4>您的浏览器不支持 video 标签。</video>"
        f"<p class=vjs-no-js>To view this video please enable JavaScript</p>{BODY}</div>"
    ),
    "thumbs": page(
        f"<div class=con>{BODY}</div><div class=dig><a>顶一下</a><span>(0)</span><a>踩一下</a><span>(0)</span></div>"
    ),
    "thumbs inside": page(
        f"<div class=con>{BODY}<div class=dig><a>顶一下</a> 0% <a>踩一下</a> 0%</div></div>"
    ),
    "two-dimensional code inside": page(
        f"<div class=con>{BODY}<div class=ewm><img src=/images/ewm.png><p>扫一扫在手机打开当前页</p></div></div>"
    ),
    "policy box": page(
        f"<div class=con>{BODY}</div>",
        after="<div class=zcyw><h3>政策原文</h3><ul><li><a href=/z/1.html>某某市节水条例实施细则</a></li></ul></div>",
    ),
    "reading box": page(
        f"<div class=con>{BODY}</div>",
        after="<div class=jd><h3>相关解读</h3><ul><li><a href=/z/1.html>《某某市节水办法》解读</a></li></ul></div>",
    ),
    "editor's name below": page(f"<div class=con>{BODY}</div><div class=ed>责任编辑：李某</div>"),
    "rating below": page(
        f"<div class=con>{BODY}</div><div class=pj><p>您对本页面内容是否满意？</p><label>满意</label><label>不满意</label></div>"
    ),
    "statement below": page(
        f"<div class=con>{BODY}</div><div class=sm>【免责声明】本网转载的内容，版权归原作者所有。</div>"
    ),
    "comments below": page(
        f"<div class=con>{BODY}</div><div class=pl><h3>网友评论</h3><p>评论仅代表网友个人观点，不代表本网立场。</p></div>"
    ),
    "contents made by the site": page(
        "<div class=toc><b>目录</b><ul><li><a href=#a1>一、复核范围</a></li><li><a href=#a2>二、时间安排</a></li></ul></div>"
        f"<div class=con>{BODY}</div>"
    ),
    "path below the title": page(
        f"<div>您现在的位置：<a href=/>首页</a> &gt; <a href=/tzgg/>通知公告</a></div><div class=con>{BODY}</div>"
    ),
    "end mark": page(
        f"<div class=con>{BODY}</div><div class=end>【打印本页】【关闭窗口】【返回顶部】</div>"
    ),
}


@pytest.mark.parametrize("name", PLACES)
def test_the_text_and_nothing_else(name: str, now: dt.datetime) -> None:
    assert read(PLACES[name], now).text.split("\n") == TEXT


MORE = {
    "its own title and number": (
        page(f"<div class=con><p>某水发〔2021〕18号</p><h2>{TITLE}</h2>{BODY}</div>"),
        ["某水发〔2021〕18号", TITLE, *TEXT],
    ),
    "annex in the same box": (
        page(
            f"<div class=con>{BODY}<p>某某市节水型单位复核办法</p><p>第一条 为规范复核工作，制定本办法。</p><p>第二条 复核每三年进行一次，由市级组织。</p></div>"
        ),
        [
            *TEXT,
            "某某市节水型单位复核办法",
            "第一条 为规范复核工作，制定本办法。",
            "第二条 复核每三年进行一次，由市级组织。",
        ],
    ),
    "short": (page("<div class=con><p>详见附件。</p></div>"), ["详见附件。"]),
    "short, side": (
        page("<div class=con><p>已办结，感谢您的关注。</p></div>", beside=SIDE),
        ["已办结，感谢您的关注。"],
    ),
    "letter": (
        f"{NAV}<div class=xx><h1>关于自来水水压不足的咨询</h1><div>写信时间：2021-05-12</div>"
        "<div class=q><h3>来信内容</h3><p>我家住在城东，最近早晚水压都很小，请问什么时候能够解决？</p></div>"
        "<div class=a><h3>答复内容</h3><p>您好，该片区正在改造管网，预计6月底完工，届时水压将恢复。</p></div></div>"
        + FOOT,
        [
            "来信内容",
            "我家住在城东，最近早晚水压都很小，请问什么时候能够解决？",
            "答复内容",
            "您好，该片区正在改造管网，预计6月底完工，届时水压将恢复。",
        ],
    ),
    "words that also stand at the foot": (
        page(
            f"<div class=con><p>各县区委办，市直各党政机关：</p><p>主办单位：某某市水务局</p><p>技术支持：某某水利学会</p>{BODY}</div>"
        ),
        ["各县区委办，市直各党政机关：", "主办单位：某某市水务局", "技术支持：某某水利学会", *TEXT],
    ),
    "summary that is the text's own": (
        page(f"<div class=con><p>摘要：复核范围扩大。</p>{BODY}</div>"),
        ["摘要：复核范围扩大。", *TEXT],
    ),
}


@pytest.mark.parametrize("name", MORE)
def test_what_stands_in_the_text_is_of_it(name: str, now: dt.datetime) -> None:
    inner, expected = MORE[name]
    title = "关于自来水水压不足的咨询" if name == "letter" else TITLE
    assert read(inner, now, title).text.split("\n") == expected


FILES = {
    "box in another column": (
        f"{NAV}<div class=l><div class=down><h5>附件下载</h5><ul><li><a href=/u/1.doc title=复核结果汇总表.doc>复核结果...</a></li></ul></div>"
        f"<div class=hot><h5>常用下载</h5><a href=/u/9.doc>取水许可申请书.doc</a></div></div>"
        f"<div class=r><h1>{TITLE}</h1>{INFO}<div>{BODY}</div></div>{FOOT}",
        {"/u/1.doc": "复核结果汇总表.doc"},
    ),
    "downloads of the site": (
        page(
            f"<div class=con>{BODY}</div>",
            beside="<div><h5>下载中心</h5><a href=/u/9.doc>取水许可申请书</a></div>",
        ),
        {},
    ),
    "below the article's box": (
        page(f"<div class=con>{BODY}</div>", beside="<div><a href=/u/1.doc>汇总表.doc</a></div>"),
        {"/u/1.doc": "汇总表.doc"},
    ),
    "numbers, one a picture": (
        page(
            f"<div class=con>{BODY}<p>附件：<a href=/u/1.pdf title=方案.pdf>1</a> <a href=/u/2.jpg title=规划图.jpg>2</a></p></div>"
        ),
        {"/u/1.pdf": "方案.pdf", "/u/2.jpg": "规划图.jpg"},
    ),
    "picture named as a file": (
        page(f"<div class=con>{BODY}<p><a href=/u/2.jpg>水源地分布图.jpg</a></p></div>"),
        {"/u/2.jpg": "水源地分布图.jpg"},
    ),
    "picture that enlarges": (
        page(f"<div class=con>{BODY}<p><a href=/u/2.jpg><img src=/u/2s.jpg></a></p></div>"),
        {},
    ),
    "pages that name a file": (
        page(
            f"<div class=con>{BODY}<p>见<a href='/bszn/help.jsp?doc=sbzn.pdf&view=html'>指南</a>、<a href=/zc/bf.doc.html>办法</a></p></div>"
        ),
        {},
    ),
    "downloads by parameter": (
        page(
            f"<div class=con>{BODY}<p>1.<a href='/download.jsp?id=8&fileName=a.xls'>汇总表</a></p>"
            "<p>2.<a href='/module/download/downfile.jsp?classid=0&filename=b8.doc'>申请书</a></p>"
            "<p>3.<a href='/api/file/get?path=/u/c.wps'>样表</a></p></div>"
        ),
        {
            "/download.jsp?id=8&fileName=a.xls": "汇总表",
            "/module/download/downfile.jsp?classid=0&filename=b8.doc": "申请书",
            "/api/file/get?path=/u/c.wps": "样表",
        },
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_files_of_the_notice(name: str, now: dt.datetime) -> None:
    inner, expected = FILES[name]
    found = [x for x in read(inner, now).attachments if x.kind.value == "file"]
    assert {x.url.removeprefix("https://sw.example.gov.cn"): x.name for x in found} == expected


ELSEWHERE = {
    "frame": ("<div class=con><iframe src=/doc/8.html></iframe></div>", "嵌入的页面或文件"),
    "image": ("<div class=con><p><img src=/u/w1.jpg width=800></p></div>", "图片"),
    "file": ("<div class=con><p><a href=/u/1.pdf>全文.pdf</a></p></div>", "附件“全文.pdf”"),
    "embedded file": (
        "<div class=con><embed src=/u/1.pdf type=application/pdf></div>",
        "嵌入的页面或文件",
    ),
    "script": (
        "<div class=con><p><script>showPdf('/__local/a/1.pdf','100%','850')</script></p></div>",
        "嵌入的页面或文件",
    ),
    "scan in its own address": (
        f"<div class=con><p><img src='data:image/jpeg;base64,{'A' * 6000}'></p></div>",
        "图片",
    ),
    "object": ("<div class=con><object data=/u/1.pdf></object></div>", "嵌入的页面或文件"),
}


HIDDEN_OF_THE_SITE = [
    "<div id=tip style='display:none'><p>您访问的链接即将离开本网站，是否继续访问？请注意保护个人信息。</p></div>",
    "<div class=login style='display:none'><form><p>请先登录后再提交您的意见，感谢您的支持与配合。</p></form></div>",
    "<noscript><p>您的浏览器没有启用 JavaScript，本页的部分功能不能使用。</p></noscript>",
]


@pytest.mark.parametrize("place", ["after", "beside"])
@pytest.mark.parametrize("hidden", HIDDEN_OF_THE_SITE)
def test_hidden_words_of_the_site_are_no_text(hidden: str, place: str, now: dt.datetime) -> None:
    scan = "<div class=con><p><img src=/u/w1.jpg width=800></p></div>"
    notice = read(page(scan, **{place: hidden}), now)
    assert notice.text == ""
    assert "图片" in next(x.detail for x in notice.problems if x.code == "text.elsewhere")


@pytest.mark.parametrize("name", ELSEWHERE)
def test_text_that_stands_elsewhere(name: str, now: dt.datetime) -> None:
    inner, where = ELSEWHERE[name]
    problems = {x.code: x.detail for x in read(page(inner), now).problems}
    assert where in problems.get("text.elsewhere", "")
