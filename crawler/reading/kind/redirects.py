"""Where a page leads on by itself: `<meta>` refresh, scripts, a form that sends itself, one frame.

Only what happens without a reader's doing counts, so a script must do nothing else: functions that
a click or a pager calls, and jumps that hang on the kind of browser, lead nowhere.
"""

import html
import re
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlencode, urlsplit

from lxml.html import HtmlElement

from crawler.reading.addresses import absolute, identity
from crawler.reading.fact.attachments import is_file

_REFRESH = re.compile(r"\s*+[\d.]*+\s*+[;,]?\s*+url\s*+=\s*+[\"']?([^\"'>]{1,4000})", re.I)
_LITERAL = r"\"[^\"\n]{0,2000}\"|'[^'\n]{0,2000}'"
_PLACE = r"(?:(?:window|top|self|parent|document)\s{0,3}\.\s{0,3}){0,2}location"
_TERM = rf"(?:{_LITERAL}|[\w.$]{{1,60}}(?:\(\))?)"
_VALUE = rf"{_TERM}(?:\s{{0,9}}\+\s{{0,9}}{_TERM}){{0,12}}"
_JUMP = re.compile(
    rf"(?<![\w.]){_PLACE}(?:\s{{0,3}}\.\s{{0,3}}href)?\s{{0,9}}=\s{{0,9}}(?![=\s])({_VALUE})"
    rf"|(?<![\w.]){_PLACE}\s{{0,3}}\.\s{{0,3}}(?:replace|assign)\s{{0,3}}\(\s{{0,9}}({_VALUE})?"
    rf"|(?<![\w.])window\s{{0,3}}\.\s{{0,3}}(?:open|navigate)\s{{0,3}}\(\s{{0,9}}({_VALUE})"
    r"\s{0,9}(?:\)|,\s{0,3}[\"']_(?:self|top|parent))"
)
_TERMS = re.compile(_TERM)
_NAMED = re.compile(rf"(?:var|let|const)?\s{{0,3}}\b(\w{{1,40}})\s{{0,9}}=\s{{0,9}}({_LITERAL})")
_LITERALS = re.compile(_LITERAL)
# what stands before the body of a function, literals blanked
_FUNCTION = re.compile(r"\bfunction\b\s{0,3}([\w$]{0,60})\s{0,3}\([^(){}]{0,200}\)\s{0,9}$")
_ARROW = re.compile(r"(?:\([^(){}]{0,200}\)|[\w$]{1,40})\s{0,3}=>\s{0,9}\(?$")
_METHOD = re.compile(
    r"(?<![\w.$])(?!(?:if|for|while|switch|catch|with)\b)[\w$]{1,60}\s{0,3}\([^(){}]{0,200}\)\s{0,9}$"
)
_ASSIGNED = re.compile(r"([\w$]{1,60})\s{0,3}=\s{0,9}$")
# what calls the function it is given unasked: a count that ends, a page that is there
_CALLS = re.compile(
    r"(?:\bset(?:Timeout|Interval)|\bready|\bjQuery|\$)\s{0,3}\(\s{0,9}$"
    r"|\bonload\s{0,3}=\s{0,9}$"
    r"|\baddEventListener\s{0,3}\(\s{0,9}[\"']_{1,20}[\"']\s{0,3},\s{0,9}$"  # load: see _HANGS
)
_INVOKED = re.compile(r"\s{0,9}\)?\s{0,9}(?:\.\s{0,3}(?:call|apply)\s{0,3})?\(")
_NAME = re.compile(r"(?<![\w$/.])([\w$]{1,60})\s{0,3}[(,;)\"']")
_BRACE = re.compile(r"[{}]")
_HEAD = 400  # characters before a brace that tell whose body it opens
# on the browser, or on what a reader does
_HANGS = re.compile(
    r"userAgent|onclick|\.click\s{0,3}\(|onkey|onsubmit|addEventListener\([\"'](?!load|DOM)"
)
_CHOOSES = re.compile(r"\bif\s{0,3}\(|\?[^?;]{0,400}:")  # literals blanked
_COMMENT = re.compile(r"(?<![:\"'\w])//[^\n]*+|<!--|-->")
_SENDS = re.compile(r"\.submit\s{0,3}\(\s{0,3}\)")
_SCRIPT = 1500  # characters of a script that only leads on
_DEEPEST = 30  # blocks around a jump
_JUMPS = 16  # jumps that are looked at on one page
_MOST = 60  # scripts, forms and frames that are looked at


@dataclass(frozen=True, slots=True)
class Redirect:
    how: str  # 页面 or 脚本 …, Chinese
    link: str  # as far as it can be told; ""
    target: str  # absolute; "" when only a script knows, or when it is the page itself


def read_redirect(
    root: HtmlElement, base: str, url: str, *, bare: bool, says: bool = False
) -> Redirect | None:
    """Where the page at `url` leads on to; None when it stays. `bare`: it shows next to nothing, so
    that a script may do other things than lead on; `says`: it tells its readers that it will, so
    that the script may wait for a count to end."""
    for meta in islice(root.iter("meta"), 200):
        if (meta.get("http-equiv") or "").strip().lower() != "refresh" or _for_some(meta):
            continue
        if found := _REFRESH.match(meta.get("content") or ""):
            led = _redirect("页面转到", html.unescape(found[1]).strip(), base, url)
            if led.target or bare:  # else a page that fetches itself anew
                return led
    scripts = [_uncommented(x) for x in _scripts(root)]
    together = " ".join(scripts)
    called: frozenset[str] | None = None
    left = _JUMPS
    for script in scripts:
        if not left or _JUMP.search(script) is None:
            continue
        plain = _blanked(script)
        if not bare and not _only_leads(script, plain, says):
            continue
        called = _called(together) if called is None else called
        for jump in islice(_JUMP.finditer(script), left):
            left -= 1
            if not _unasked(plain, jump.start(), called):
                continue
            link = _value(jump[1] or jump[2] or jump[3] or "", script[: jump.start()], url)
            led = _redirect("脚本转到", link, base, url, jump[0])
            if led.target or bare:
                return led
    if _SENDS.search(together):
        for form in islice(root.iter("form"), _MOST):
            if not _fields(form, ("text", "password", "submit", "checkbox", "radio")):
                return _redirect("表单自动提交到", _sent(form), base, url)
    return None


def only_frame(root: HtmlElement, base: str, url: str) -> Redirect | None:
    """The page that stands in the one frame of a page without any text, or in the last of a
    frameset, which is the wide one; None when what it shows is a document."""
    found = islice(root.iter("frame", "iframe"), _MOST)
    links = [(x.tag, (x.get("src") or "").strip()) for x in found]
    links = [x for x in links if x[1]]
    if not links or (len(links) > 1 and links[0][0] == "iframe"):
        return None
    link = links[-1][1]
    return None if is_file(absolute(base, link)) else _redirect("框架里是", link, base, url)


def _redirect(how: str, link: str, base: str, url: str, words: str = "") -> Redirect:
    url_told = "" if link.lower().startswith(("javascript:", "about:", "data:")) else link
    target = absolute(base, url_told) if url_told else ""
    own = identity(target)
    return Redirect(how, (link or words)[:120], target if own and own != identity(url) else "")


def _for_some(meta: HtmlElement) -> bool:
    """Whether only those browsers are led on that run no scripts."""
    return any(x.tag == "noscript" for x in meta.iterancestors())


def _scripts(root: HtmlElement) -> list[str]:
    found = [x.text for x in islice(root.iter("script"), _MOST)]
    found += [x.get("onload") for x in islice(root.iter("body"), 1)]
    return [x for x in found if x and len(x) <= 4 * _SCRIPT]


def _uncommented(script: str) -> str:
    first, *rest = script.split("/*")
    return _COMMENT.sub(" ", " ".join([first, *(x.partition("*/")[2] for x in rest)]))


def _blanked(script: str) -> str:
    """The script without what its literals say, each character at its place."""
    return _LITERALS.sub(lambda x: x[0][0] + "_" * (len(x[0]) - 2) + x[0][-1], script)


def _only_leads(script: str, plain: str, may_wait: bool) -> bool:
    """Whether a script does nothing but lead on."""
    if len(script.strip()) > _SCRIPT or _HANGS.search(script):
        return False
    return may_wait or not _CHOOSES.search(plain)


def _unasked(plain: str, at: int, called: frozenset[str]) -> bool:
    """Whether what stands at `at` runs without anybody's doing: every function around it is
    called, at once or when a count ends or the page is there. `called`: by the page's scripts."""
    opened: list[int] = []
    for brace in _BRACE.finditer(plain, 0, at):
        if brace[0] == "{":
            opened.append(brace.start())
        elif opened:
            opened.pop()
    if len(opened) > _DEEPEST:
        return False
    arrow = _ARROW.search(plain[max(0, at - _HEAD) : at])  # a function without braces
    if arrow and not _is_called(arrow.string[: arrow.start()], "", called):
        return False
    return all(_runs(plain, place, called) for place in opened)


def _runs(plain: str, brace: int, called: frozenset[str]) -> bool:
    """Whether the block that a brace opens is no function's body, or a called one's."""
    before = plain[max(0, brace - _HEAD) : brace]
    head = _FUNCTION.search(before)
    if head and head[1]:
        return head[1] in called
    head = head or _ARROW.search(before)
    if head is None:
        return _METHOD.search(before) is None
    return _is_called(before[: head.start()], plain[_closing(plain, brace) + 1 :], called)


def _is_called(before: str, after: str, called: frozenset[str]) -> bool:
    """Whether a function without a name is called that stands between these."""
    if _CALLS.search(before) or _INVOKED.match(after):
        return True
    given = _ASSIGNED.search(before)
    return given is not None and given[1] in called


def _called(scripts: str) -> frozenset[str]:
    """The names that are called, or given to what calls them, elsewhere than where they are
    declared."""
    parts = scripts.split("function ")
    return frozenset(
        name[1]
        for number, part in enumerate(parts)
        for name in _NAME.finditer(part)
        if name.start() or not number
    )


def _closing(plain: str, brace: int) -> int:
    depth = 0
    for sign in _BRACE.finditer(plain, brace):
        depth += 1 if sign[0] == "{" else -1
        if depth == 0:
            return sign.start()
    return len(plain)


def _value(value: str, before: str, url: str) -> str:
    """What an expression comes to, of literals, names given just above and the page's own place;
    "" when it takes more than that."""
    try:
        place = urlsplit(url)
    except ValueError:
        return ""
    known = {
        "location.protocol": f"{place.scheme}:",
        "location.host": place.netloc,
        "location.hostname": place.hostname or "",
        "location.origin": f"{place.scheme}://{place.netloc}",
    }
    known |= {name: literal[1:-1] for name, literal in _NAMED.findall(before)}
    parts: list[str] = []
    for term in _TERMS.findall(value):
        if term[0] in "\"'":
            parts.append(term[1:-1])
            continue
        name = term.removeprefix("window.").removeprefix("document.")
        if name not in known:
            return ""
        parts.append(known[name])
    return html.unescape("".join(parts)).strip()


def _fields(form: HtmlElement, kinds: tuple[str, ...]) -> list[HtmlElement]:
    return [x for x in islice(form.iter("input"), _MOST) if (x.get("type") or "text") in kinds]


def _sent(form: HtmlElement) -> str:
    """The address a form asks for; "" of one that sends its fields in the body."""
    if (form.get("method") or "get").lower() != "get":
        return ""
    link = form.get("action") or ""
    fields = {x.get("name") or "": x.get("value") or "" for x in _fields(form, ("hidden",))}
    fields.pop("", None)
    return f"{link.split('?')[0]}?{urlencode(fields)}" if fields else link
