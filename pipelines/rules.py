"""The rules that an office edits: rules.toml, read once a process and checked word by word."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from crawler.notice import Notice, NoticeKind

RULES = Path(__file__).with_name("rules.toml")
LISTS = ("title", "starts", "ends", "column", "text", "not_title", "kinds")
KEYS = ("name", "times", *LISTS)
TABLES = ("kind", "section", "topic")
_CLOSING = "》）)”’】]。 "  # what may stand after the word a title ends with


class RulesError(ValueError):
    """The rules cannot be used; the message names line, key and remedy, in Chinese."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. A mark is (where, how the reason words it, pattern)."""

    name: str
    marks: tuple[tuple[str, str, re.Pattern[str]], ...] = ()
    never: re.Pattern[str] | None = None
    kinds: frozenset[str] = frozenset()
    times: int = 1

    def reason(self, notice: Notice) -> str:
        """Why the notice falls under this rule, in Chinese; "" when it does not."""
        if self.kinds and notice.kind not in self.kinds:
            return ""
        if self.never and self.never.search(notice.title):
            return ""
        if not self.marks:
            return f"类别是“{notice.kind}”"
        for where, words, pattern in self.marks:
            text = getattr(notice, where).rstrip(_CLOSING) if where != "text" else notice.text
            found = pattern.findall(text)
            if len(found) >= (self.times if where == "text" else 1):
                often = f" {len(found)} 处" if where == "text" and self.times > 1 else ""
                return f"{words}“{_short(found[0])}”{often}"
        return ""


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules, in the order of the file."""

    kinds: tuple[Rule, ...]
    sections: tuple[Rule, ...]
    topics: tuple[Rule, ...]
    national: tuple[str, ...]  # agencies of the whole country, the longest first


@cache
def load(path: Path = RULES) -> Rules:
    """The rules of a file. Raises RulesError for what an editor may have got wrong."""
    try:
        source = path.read_text("utf-8-sig")
        data = tomllib.loads(source)
    except OSError as fault:
        raise RulesError(f"{path}：读不到分类规则（{fault.strerror}）；请恢复此文件") from None
    except UnicodeDecodeError:
        raise RulesError(f"{path}：编码不是 UTF-8；请用记事本“另存为”UTF-8") from None
    except tomllib.TOMLDecodeError as fault:
        raise RulesError(
            f"{path}：写法有误（{fault}）；请看该行的引号、逗号和方括号是否是英文的、成对的"
        ) from None
    check = _Checker(path, source.splitlines())
    for table in data:
        if table not in (*TABLES, "region"):
            check.fail(
                table, 0, "", f"不认识“{table}”；可用：[[kind]] [[section]] [[topic]] [region]"
            )
    kinds, sections, topics = (
        tuple(
            check.rule(table, number, entry)
            for number, entry in enumerate(check.entries(table, data.get(table, [])))
        )
        for table in TABLES
    )
    region = data.get("region", {})
    if not isinstance(region, dict):
        check.fail("region", 0, "", "“region”要写成 [region]，一层方括号")
    national = check.words("region", 0, "national", region.get("national", []))
    return Rules(kinds, sections, topics, tuple(sorted(national, key=len, reverse=True)))


class _Checker:
    """Turns the entries of the file into rules, or says what is wrong and where."""

    def __init__(self, path: Path, lines: list[str]) -> None:
        self.path, self.lines = path, lines

    def fail(self, table: str, number: int, key: str, words: str) -> None:
        raise RulesError(f"{self.path} 第 {self._line(table, number, key)} 行：{words}")

    def entries(self, table: str, found: Any) -> list[dict[str, Any]]:
        if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
            self.fail(table, 0, "", f"“{table}”要写成 [[{table}]]，两层方括号")
        return list(found)

    def rule(self, table: str, number: int, entry: dict[str, Any]) -> Rule:
        name = entry.get("name")
        if not isinstance(name, str) or not name.strip():
            self.fail(table, number, "name", f'这条 [[{table}]] 没有名称；请加一行 name = "…"')
        for key in entry:
            if key not in KEYS:
                known = "、".join(KEYS)
                self.fail(table, number, key, f"“{name}”的键“{key}”不认识；可用的键：{known}")
        words = {key: self.words(table, number, key, entry.get(key, [])) for key in LISTS}
        times = entry.get("times", 1)
        if not isinstance(times, int) or isinstance(times, bool) or times < 1:
            self.fail(table, number, "times", f"“{name}”的 times 要是 1 以上的整数，例如 times = 3")
        for kind in [name, *words["kinds"]] if table == "kind" else words["kinds"]:
            if kind not in list(NoticeKind):
                known = "、".join(NoticeKind)
                key = "kinds" if kind in words["kinds"] else "name"
                self.fail(table, number, key, f"没有“{kind}”这个类别；可用的类别：{known}")
        if table == "kind" and words["kinds"]:
            self.fail(table, number, "kinds", f"[[kind]] “{name}”不能用 kinds；请删去这一行")
        marks = (
            ("title", "标题含", "title", "{}"),
            ("title", "标题开头是", "starts", "^{}"),
            ("title", "标题结尾是", "ends", "{}$"),
            ("column", "栏目名含", "column", "{}"),
            ("text", "正文含", "text", "{}"),
        )
        made = tuple(
            (w, say, _pattern(words[key], how)) for w, say, key, how in marks if words[key]
        )
        if not made and not words["kinds"]:
            self.fail(table, number, "name", f'“{name}”没有条件；请至少写一项，例如 title = ["…"]')
        never = _pattern(words["not_title"], "{}") if words["not_title"] else None
        return Rule(str(name), made, never, frozenset(words["kinds"]), times)

    def words(self, table: str, number: int, key: str, found: Any) -> list[str]:
        if not isinstance(found, list) or not all(isinstance(w, str) and w.strip() for w in found):
            self.fail(table, number, key, f'“{key}”要写成一列词，例如 {key} = ["申报", "推荐"]')
        if any(not word.strip("… ") for word in found):
            self.fail(table, number, key, f"“{key}”里有一个词只有“…”；请写上前后的字")
        return list(found)

    def _line(self, table: str, number: int, key: str) -> int:
        """The line of a key of the `number`th entry of a table; of the entry when it has none."""
        head = re.compile(rf"\s*\[\[?\s*{re.escape(table)}\s*\]")
        heads = [n for n, line in enumerate(self.lines, 1) if head.match(line)]
        if number >= len(heads):
            return 1
        for n in range(heads[number] + 1, len(self.lines) + 1):
            line = self.lines[n - 1].lstrip()
            if line.startswith("["):
                break
            if key and re.match(rf"[\"']?{re.escape(key)}[\"']?\s*=", line):
                return n
        return heads[number]


def _pattern(words: list[str], how: str) -> re.Pattern[str]:
    one = (".{0,60}?".join(map(re.escape, re.split("…+", word.strip()))) for word in words)
    return re.compile("|".join(how.format(f"(?:{word})") for word in one))


def _short(found: str) -> str:
    return found if len(found) <= 20 else f"{found[:8]}…{found[-8:]}"
