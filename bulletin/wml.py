"""The pieces of WordprocessingML that python-docx has no call for."""

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

Node = Any  # an lxml element of python-docx's own classes


def w(tag: str, *children: Node, **attributes: str | int) -> Node:
    """An element with attributes, all in the w namespace: `w("jc", val="center")`."""
    node = OxmlElement(
        f"w:{tag}", attrs={qn(f"w:{name}"): str(value) for name, value in attributes.items()}
    )
    for child in children:
        node.append(child)
    return node


def run(*content: Node, style: str = "", latin: bool = False) -> Node:
    """A run. The hint sends marks that both scripts have (“ — …) to the Chinese font."""
    properties = w("rPr")
    if style:
        properties.append(w("rStyle", val=style))
    if not latin:
        properties.append(w("rFonts", hint="eastAsia"))
    return w("r", *([properties] if len(properties) else []), *content)


def words(text: str) -> Node:
    """A w:t that keeps its spaces."""
    node = w("t")
    node.text = text
    node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return node


def text_run(text: str, style: str = "", latin: bool = False) -> Node:
    return run(words(text), style=style, latin=latin)


def paragraph(style: str, *content: Node, properties: tuple[Node, ...] = ()) -> Node:
    """A paragraph in the style with that id; `properties` go after the style in w:pPr."""
    return w("p", w("pPr", w("pStyle", val=style), *properties), *content)


def complex_field(instruction: str, result: str) -> list[Node]:
    """A field with its result, as runs."""
    return [*field_start(instruction), text_run(result), field_end()]


def field_start(instruction: str) -> list[Node]:
    """The runs up to a field's result."""
    code = w("instrText")
    code.text = f" {instruction} "
    code.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return [
        run(w("fldChar", fldCharType="begin")),
        run(code),
        run(w("fldChar", fldCharType="separate")),
    ]


def field_end() -> Node:
    return run(w("fldChar", fldCharType="end"))


def bookmarked(name: str, number: int, *content: Node) -> list[Node]:
    """`content` between the two ends of a bookmark."""
    return [
        w("bookmarkStart", id=number, name=name),
        *content,
        w("bookmarkEnd", id=number),
    ]
