"""List or notice: a notice stays one with lists beside it, a list with a text beside it."""

# ruff: noqa: E501 - one form of markup, one line

import pytest

from crawler.reading.charset import build_response
from crawler.reading.page_kind import Kind, page_kind

TITLE = "我区召开林长制工作推进会"
TEXT = "<p>3月27日，区林长制办公室召开工作推进会，通报一季度巡林情况。</p><p>会议还研究了其他事项。</p>"
LONGER = f"{TEXT}<p>会议要求，各镇街要压实责任，抓紧补齐短板，确保年底前完成造林任务，并做好防火准备。</p>"
NAV = "<ul>" + "".join(f"<li><a href=/c{n}/>林业栏目{n}</a></li>" for n in range(9)) + "</ul>"
ROWS = "".join(
    f"<li><a href=/a/t2022030{n}_{n}.html>关于第{n}批林木采伐许可办理结果的公示</a><span>2022-03-0{n}</span></li>"
    for n in range(1, 9)
)
SIDE = f"<div class=side><h3>最新信息</h3><ul>{ROWS}</ul></div>"
FOOT = "<div class=foot>主办单位：某某区林业局 版权所有 ICP备00000000号</div>"
CLOCK = "<div class=top>2026年11月24日 星期二</div>"
ARTICLE = "/zwyw/202203/t20220328_98721.html"
COLUMN = "/zwyw/index.html"


def notice(info: str, text: str, before: str = "", after: str = "") -> str:
    return (
        f"{NAV}{before}<div class=d><div class=d-t>{TITLE}</div>{info}<div class=d-c>{text}</div></div>"
        f"{after}{FOOT}"
    )


BARE = "<div class=d-i><p>2022-03-28 09:11:40　　某某区融媒体中心</p></div>"
SPLIT = "<div class=d-i><span>03-28 08:46</span><span>来源：某某日报</span></div>"
FULL = "<div class=d-i>发布时间：2022-03-28　来源：区林业局</div>"
NOTICES = {
    "bare info, side after": notice(BARE, TEXT, after=SIDE),
    "bare info, side before": notice(BARE, TEXT, before=SIDE),
    "date only, side after": notice("<div>2022-03-28</div>", TEXT, after=SIDE),
    "month and day": notice(SPLIT, TEXT, after=SIDE),
    "labelled, one sentence": notice(FULL, "<p>详见附件。</p>", after=SIDE),
    "labelled, one sentence, side before": notice(FULL, "<p>详见附件。</p>", before=SIDE),
    "no info": notice("", LONGER, after=SIDE),
    "no info, side before": notice("", LONGER, before=SIDE),
    "with a clock": notice(BARE, TEXT, before=CLOCK + SIDE),
    "side in the same column": notice(BARE, f"{TEXT}</div>{SIDE}<div>"),
    "related below, dated": notice(
        FULL, f"{TEXT}<div class=xg><h4>相关新闻</h4><ul>{ROWS}</ul></div>"
    ),
}


@pytest.mark.parametrize("name", NOTICES)
def test_a_notice_beside_lists(name: str) -> None:
    head = f"<title>{TITLE}_某某区林业局</title>"
    assert kind(head, NOTICES[name], ARTICLE) is Kind.NOTICE


def kind(head: str, inner: str, address: str) -> Kind:
    markup = f"<html><head><meta charset=utf-8>{head}</head><body>{inner}</body></html>"
    return page_kind(build_response(f"https://ly.example.gov.cn{address}", markup.encode())).kind


SUMMARIES = "".join(
    f"<li><h4><a href=/a/t2022030{n}_{n}.html>关于第{n}批林木采伐许可办理结果的公示</a></h4>"
    f"<p>根据有关规定，现将第{n}批林木采伐许可的办理结果予以公示，公示期为五个工作日。</p><p>2022-03-0{n}</p></li>"
    for n in range(1, 7)
)
LABELLED = "".join(
    f"<li><a href=/a/t2022030{n}_{n}.html>关于第{n}批林木采伐许可办理结果的公示</a>"
    f"<div>发布时间：2022-03-0{n} 来源：区林业局</div></li>"
    for n in range(1, 7)
)
INTRO = "<div class=gs><h3>林长制</h3><p>林长制是按照分级负责的原则，由各级党政负责同志担任林长，全面负责相应行政区域内森林资源保护发展的制度。</p></div>"
TABS = "<div class=tabs><a href=/1/>全部</a><a href=/2/>公示</a><a href=/3/>公告</a></div>"
TABLE = "".join(
    f"<tr><td>{n}</td><td><a href=/a/t2022030{n}_{n}.html>关于第{n}批林木采伐许可办理结果的公示</a></td><td>区林业局</td><td>2022-03-0{n}</td></tr>"
    for n in range(1, 9)
)
LISTS = {
    "rows": f"{NAV}<h2>林业要闻</h2><ul>{ROWS}</ul>{FOOT}",
    "with a clock": f"{CLOCK}{NAV}<h2>林业要闻</h2><ul>{ROWS}</ul>{FOOT}",
    "clock by the heading": f"{NAV}<div><h2>林业要闻</h2><span>2026-11-24</span></div><ul>{ROWS}</ul>{FOOT}",
    "summaries": f"{NAV}<h2>林业要闻</h2><ul>{SUMMARIES}</ul>{FOOT}",
    "labelled rows": f"{NAV}<h2>林业要闻</h2><ul>{LABELLED}</ul>{FOOT}",
    "table": f"{NAV}<h2>林业要闻</h2><table><tr><th>序号<th>标题<th>单位<th>日期</tr>{TABLE}</table>{FOOT}",
    "introduction above": f"{NAV}<h2>林业要闻</h2>{INTRO}<ul>{ROWS}</ul>{FOOT}",
    "introduction beside": f"{NAV}{INTRO}<div><h2>林业要闻</h2><ul>{ROWS}</ul></div>{FOOT}",
    "tabs": f"{NAV}<h2>林业要闻</h2>{TABS}<ul>{ROWS}</ul>{FOOT}",
    "tabs and a clock": f"{CLOCK}{NAV}<h2>林业要闻</h2>{TABS}<div><ul>{ROWS}</ul></div>{FOOT}",
}


@pytest.mark.parametrize("address", [COLUMN, "/zwyw/list.shtml", "/col/col1234/index.html"])
@pytest.mark.parametrize("name", LISTS)
def test_a_list_with_a_text_beside_it(name: str, address: str) -> None:
    assert kind("<title>林业要闻_某某区林业局</title>", LISTS[name], address) is Kind.LIST
