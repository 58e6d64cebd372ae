"""The sample nights: what explains a document is linked to it, never joined, and what is cited."""

from tests.nights.nightly_runs import Dump

DOCUMENTS = {
    # by words of the titles: what explains, what it explains
    "若干措施》政策解读": "印发《北京市加快氢燃料电池汽车示范运营若干措施》",
    "（2019-2022年）》政策解读": "印发《宁夏回族自治区工业绿色发展行动方案",
    "行动计划（2019—2022年）》解读": "印发《山东省食品产业数字化转型行动计划",
    "老旧设备数字化改造的指导意见》解读": "监管总局关于引导中小企业老旧设备数字化改造的指导意见",
    "一图读懂：深圳市科技计划项目诚信管理细则": "印发《深圳市科技计划项目诚信管理细则》",
    "一图读懂《重庆市服务型制造": "印发《重庆市服务型制造示范遴选管理办法》",
    "培育库若干规定问答": "支持企业建设“小巨人”培育库的若干规定",
    "一文看懂《宁夏工业固体废物": "宁夏工业固体废物综合利用信息报送办法（试行）",
    "有关负责人答问": "2019年节能与绿色低碳技术装备推荐工作的通知",
}


def test_each_explanation_is_linked_to_its_document_alone(kept: Dump) -> None:
    notices = {f"{x['source']} {x['address']}": x for x in kept["Notice"]}
    links = {notices[x["notice"]]["title"]: x for x in kept["Link"]}
    assert len(links) == len(kept["Link"]) == len(DOCUMENTS)
    for explains, document in DOCUMENTS.items():
        (title,) = [x for x in links if explains in x]
        link = links[title]
        to = notices[link["to"]]
        assert (link["kind"], document in to["title"]) == ("explains", True), to["title"]
        assert notices[link["notice"]]["family"] != to["family"]


def test_what_a_forwarding_forwards_is_cited(kept: Dump) -> None:
    cited = {x["number"]: x["notice"] for x in kept["Citation"]}
    assert "ningxia_gxt" in cited["工信厅节函〔2019〕214号"]
    assert "shandong_gxt" in cited["工信厅科函〔2019〕179号"]
    own = {f"{x['source']} {x['address']}": x["doc_number"] for x in kept["Notice"]}
    assert not [x for x in kept["Citation"] if own[x["notice"]] == x["number"]]
    assert not [x for x in cited if x.startswith(("现将", "我委", "根据"))]
