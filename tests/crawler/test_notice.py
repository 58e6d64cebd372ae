"""What a notice tells of its own text."""

from crawler.notice import Notice, Part, PartKind

ADDRESSEE, WORDS = "各沿海市海洋局：", "请于四月前报送普查表。"


def test_the_words_without_some_parts() -> None:
    notice = Notice("sea", "通知", "", "", "题", text=f"{ADDRESSEE}\n{WORDS}")
    assert notice.text_without(PartKind.ADDRESSEE) == f"{ADDRESSEE}\n{WORDS}"  # not told apart
    notice.parts = [Part(PartKind.ADDRESSEE, 0, 1), Part(PartKind.PARAGRAPH, 1, 2)]
    assert notice.text_without(PartKind.ADDRESSEE) == WORDS
    assert notice.part_text(PartKind.ADDRESSEE) == ADDRESSEE
