"""The 文号 that a text names: found in running words, in the one form, its own left out."""

import pytest

from crawler.reading.fact.citations import read_citations

NAMED = [
    ("根据财建〔2016〕864号要求", ["财建〔2016〕864号"]),
    ("（财建〔2016〕864号、财建〔2017〕1号和工信部联节[2016]304号）", 3),
    ("财建〔2016〕864号和财税(2017)１２号文件精神", ["财建〔2016〕864号", "财税〔2017〕12号"]),
    ("转发国办发【2016】30号文", ["国办发〔2016〕30号"]),
    ("经浙经信技术〔2019〕3号批准", ["浙经信技术〔2019〕3号"]),
    ("经信办发〔2019〕3号", ["经信办发〔2019〕3号"]),
    ("我局组织开展了湘工信消费〔2019〕8号所列工作", ["湘工信消费〔2019〕8号"]),
    ("见鲁工信 产 （2019） 146 号", ["鲁工信产〔2019〕146号"]),
    ("特此通知 工信部节〔2016〕3号", ["工信部节〔2016〕3号"]),
    # of places whose codes begin with a word of the sentence
    ("按照和政发〔2020〕1号办理", ["和政发〔2020〕1号"]),
    ("（于府发〔2019〕2号）", ["于府发〔2019〕2号"]),
    ("京自然资规〔2019〕2号", ["京自然资规〔2019〕2号"]),
    ("川数据发〔2024〕2号", ["川数据发〔2024〕2号"]),
    ("现将工信厅科函〔2019〕179号转发你们", ["工信厅科函〔2019〕179号"]),
    ("我委渝经信发〔2018〕102号同时废止", ["渝经信发〔2018〕102号"]),
    ("财政部公告（2019年第6号）", ["财政部公告(2019年第6号)"]),
    ("原政发〔2014〕2号", ["原政发〔2014〕2号"]),
    # an agency's name before its code
    ("原国食药监械〔2014〕2号", ["国食药监械〔2014〕2号"]),
    ("国家计委计价格[2002]1980号", ["计价格〔2002〕1980号"]),
    ("交通运输部办公厅交办公路〔2018〕3号", ["交办公路〔2018〕3号"]),
    ("省政府办公厅鲁政办发〔2019〕3号", ["鲁政办发〔2019〕3号"]),
    ("工信部联节〔2016〕304号", ["工信部联节〔2016〕304号"]),
    # orders and announcements
    ("《工业节能管理办法》（工业和信息化部令第33号）", ["工业和信息化部令第33号"]),
    ("中华人民共和国国务院令第 591 号", ["国务院令第591号"]),
    ("（中华人民共和国主席令第四十八号）", ["主席令第四十八号"]),
    ("国家发展改革委2013年第21号令", ["国家发展改革委令2013年第21号"]),
    ("财政部 税务总局公告2019年第39号", ["财政部税务总局公告2019年第39号"]),
    ("依据原国家安全监管总局令第45号", ["国家安全监管总局令第45号"]),
    ("《某法》和江西省人民政府令第232号", ["江西省人民政府令第232号"]),
]
NONE = [
    "GB/T 24001-2016、HJ 1063—2019和京ICP备05083640号",
    "许可证编号：（2019）12号，合同（2019）3号",
    "（2019）京01民初123号判决",
    "3号楼409室，京东大道1139号，一号文件，第12号",
    "索引号 11370000004502783P/2019-00012",
    "本局公告2019年第3号、省政府令第232号、第33号令、公告2019年第12号",
    "〔2019〕12号",
    "某某公告（2019年第9期）",
]


@pytest.mark.parametrize(("text", "expected"), NAMED)
def test_a_number_is_found_in_running_words(text: str, expected: list[str] | int) -> None:
    found = [x.number for x in read_citations("", text)]
    assert (len(found) if isinstance(expected, int) else found) == expected


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_number_of_a_document(text: str) -> None:
    assert read_citations("", text) == []


def test_the_printed_form_stands_beside_the_one_form() -> None:
    (found,) = read_citations("", "按照《某办法》（财税(2017)１２ 号）执行")
    assert (found.number, found.printed) == ("财税〔2017〕12号", "财税(2017)１２ 号")
    (order,) = read_citations("", "（国家发展改革委2013年第21号令）")
    assert order.printed == "国家发展改革委2013年第21号令"


def test_each_number_once_in_order_the_titles_first() -> None:
    title = "关于废止财建〔2017〕1号的通知"
    text = "财税〔2016〕1号\n财建〔2017〕1号\n财税（2016）1号"
    assert [x.number for x in read_citations(title, text)] == ["财建〔2017〕1号", "财税〔2016〕1号"]


@pytest.mark.parametrize(
    ("own", "text"),
    [
        ("财建〔2016〕864号", "财建（2016）864号\n各有关单位："),
        ("中华人民共和国工业和信息化部公告2019年第3号", "工业和信息化部公告2019年第3号"),
        ("公告2019年第3号", "工业和信息化部公告2019年第3号"),
        ("2019年第6号", "深圳市科技创新委员会公告（2019年第6号）"),
    ],
)
def test_its_own_number_is_none_of_them(own: str, text: str) -> None:
    assert read_citations("", text, own) == []


def test_another_number_that_ends_alike_is() -> None:
    assert len(read_citations("", "鲁政发〔2019〕1号", "政发〔2019〕1号")) == 1


def test_a_number_does_not_reach_over_lines() -> None:
    assert read_citations("", "国务院办公厅\n〔2019〕12号") == []
