"""Any string a page can hold becomes one that both databases take."""

from hypothesis import given
from hypothesis import strategies as st

from store import models
from store.fit import fit, key

wild = st.text(st.characters(codec=None), max_size=60)


@given(wild)
def test_every_string_can_be_encoded_and_has_no_nul(text: str) -> None:
    kept = fit(models.Notice, title=text)["title"]
    assert "\x00" not in kept
    kept.encode("utf-8")


def test_a_string_is_cut_to_its_column() -> None:
    assert len(fit(models.Notice, doc_number="第" * 500)["doc_number"]) == 200
    assert len(fit(models.Notice, title="长" * 5000)["title"]) == 5000


def test_strings_inside_json_are_made_storable() -> None:
    assert fit(models.Notice, issuers=["生态\x00部"]) == {"issuers": ["生态部"]}


def test_long_addresses_stay_apart_and_stable() -> None:
    one, other = "https://a.gov.cn/" + "x" * 2000 + "1", "https://a.gov.cn/" + "x" * 2000 + "2"
    assert key(one) != key(other)
    assert len(key(one)) == 800
    assert key(key(one)) == key(one)
    assert key("https://a.gov.cn/") == "https://a.gov.cn/"
