"""What a selector chooses of a page."""

import pytest
from lxml import html

from crawler.reading.selectors import chosen_by

PAGE = html.fromstring("<div id=a><p class='x y'>一</p><p>二</p></div>")


@pytest.mark.parametrize(
    ("selector", "texts"),
    [
        ("p.x", ["一"]),
        ("p", ["一", "二"]),
        ("//p[2]", ["二"]),
        ("./p[re:test(@class, '^x')]", ["一"]),
        ("(//p)[1]", ["一"]),
        ("//p/@class", []),
        ("//p/text()", []),
        ("table", []),
    ],
)
def test_elements_by_css_and_xpath(selector: str, texts: list[str]) -> None:
    assert [x.text for x in chosen_by(selector, PAGE)] == texts


def test_what_is_no_xpath_is_told() -> None:
    with pytest.raises(ValueError, match="//p"):
        chosen_by("//p[", PAGE)
