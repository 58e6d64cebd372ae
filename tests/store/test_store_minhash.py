"""Signatures tell how much of two texts is the same; bands bring near copies together."""

import random

from hypothesis import given
from hypothesis import strategies as st

from store import fingerprint, minhash
from store.fingerprint import Fingerprint, of_bytes, of_text

WORDS = (
    "各有关单位为把成熟可靠的节水技术找出来推出去现请地方组织推荐材料"
    "双面打印胶装成册寄送我部逾期不予受理"
)
texts = st.text(WORDS + "2019年10月25日、，。 ０①", max_size=300)


def body(seed: int, length: int = 1000) -> str:
    chosen = random.Random(seed)
    return "".join(chosen.choice(WORDS) for _ in range(length))


def test_a_signature_tells_about_the_jaccard() -> None:
    text = body(1)
    for share in (0, 100, 300, 600):
        other = text[share:] + body(2, share)
        told = minhash.likeness(*(of_text(x).signature for x in (text, other)))
        one, two = (set(minhash.shingles(minhash.normal(x)).tolist()) for x in (text, other))
        assert abs(told - len(one & two) / len(one | two)) < 0.2


def test_many_at_once_are_told_as_one_by_one() -> None:
    signed = [of_text(body(seed)).packed for seed in range(5)] + [b""]
    told = minhash.likenesses(signed[0], signed)
    assert told == [minhash.likeness(signed[0], other) for other in signed]
    assert minhash.likenesses(b"", signed) == [0.0] * 6
    assert minhash.likenesses(signed[0], []) == []


def test_spaces_and_punctuation_are_no_difference() -> None:
    one, other = (
        of_text("请于２０１９年９月１日前，报送材料。"),
        of_text("请于 2019年9月1日前 报送材料"),
    )
    assert fingerprint.same(one, other)
    assert not fingerprint.same(one, of_text("请于2019年9月2日前报送材料"))
    assert not fingerprint.same(of_text(""), of_text("")), "no text is no copy of no text"


def test_a_day_is_one_however_it_is_written() -> None:
    forms = ("二〇一九年九月一日", "2019-09-01", "2019年09月01日", "2019.9.1", "２０１９年９月１日")
    assert len({of_text(f"自{form}起施行").digest for form in forms}) == 1


@given(texts)
def test_a_fingerprint_is_kept_as_it_was(text: str) -> None:
    assert of_bytes(of_text(text).packed) == of_text(text)


@given(texts, texts)
def test_comparing_is_symmetric_and_takes_any_text(one: str, other: str) -> None:
    a, b = of_text(one), of_text(other)
    assert fingerprint.may_be_copies(a, b) == fingerprint.may_be_copies(b, a)
    assert bool(a.signature) == fingerprint.may_be_copies(a, of_text(one))
    assert all(-(1 << 63) <= key < 1 << 63 for key in a.bands(other))


def test_what_is_no_fingerprint_is_none() -> None:
    assert of_bytes(b"") == of_bytes(b"short") == Fingerprint(b"")
    assert of_text("，。！").bands() == []


def meet(one: str, other: str, apart: str = "") -> bool:
    return bool(set(of_text(one).bands()) & set(of_text(other).bands(apart)))


def test_near_copies_meet_and_what_is_to_stay_apart_does_not() -> None:
    said = "，请于2019年9月1日前报送，电话010-55501936，资金300万元，共12项。"
    for seed in range(50):
        text = body(seed, 500) + said + body(seed + 100, 500)
        copy = f"信息来源：某网站。{text}附件：名单.doc"
        assert meet(text, copy)
        assert not meet(text, copy, apart="2018")
        assert not meet(text, body(seed + 1000))


def test_of_a_template_with_other_particulars_few_meet() -> None:
    """The same words, but other days, persons and sums: thousands of a series must not meet."""
    around = body(1, 150), body(2, 150)

    def one(seed: int) -> str:
        n = random.Random(seed).randint
        said = (
            f"{''.join(random.Random(seed).sample(WORDS, 3))}，男，汉族，19{n(60, 95)}年"
            f"{n(1, 12)}月生，投资{n(100, 9999)}万元，"
            f"公示期为{n(1, 12)}月{n(1, 28)}日至{n(1, 12)}月{n(1, 28)}日"
        )
        return around[0] + said + around[1]

    met = sum(meet(one(0), one(seed)) for seed in range(1, 201))
    assert met < 60
