"""The house's styles, and the blank document that carries them and nothing else.

python-docx's own template brings 160 styles, an American page and Latin fonts; all of that goes.
Every style names its East Asian font beside the Latin one. Line pitch is exact (固定值), so that
pages break alike whichever 宋体 a machine has.
"""

from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import quoteattr

from docx import Document
from docx.document import Document as DocumentObject
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Twips

from bulletin.issue import Fonts

W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PAGE_WIDTH, PAGE_HEIGHT = 11906, 16838  # A4, in twentieths of a point
MARGIN_SIDE, MARGIN_TOP, MARGIN_BOTTOM, FOOTER = 1588, 1440, 1440, 850
CONTENTS_INDENT = 240
TEXT_WIDTH = PAGE_WIDTH - 2 * MARGIN_SIDE
TEXT_HEIGHT = PAGE_HEIGHT - MARGIN_TOP - MARGIN_BOTTOM


@dataclass(frozen=True)
class Style:
    """A paragraph style. `size` in half points, `pitch` and the spaces in twentieths of a point."""

    id: str
    name: str
    size: int = 24
    pitch: int = 0  # 0: as the base style has it
    heading: bool = False  # the heading font
    bold: bool = False
    before: int = 0
    after: int = 0
    align: str = ""
    indent: str = ""  # attributes of w:ind
    keep: bool = False  # with the next paragraph, and in one piece
    tabs: str = ""  # content of w:tabs
    level: int = 0  # outline level, 1 for Heading 1
    next: str = "KxBody"
    base: str = "Normal"


_DOTS = f'<w:tab w:val="right" w:leader="dot" w:pos="{TEXT_WIDTH}"/>'

STYLES: Final = (
    Style("KxFirm", "发布单位", 36, 560, heading=True, before=360, align="center"),
    Style(
        "Title",
        "Title",
        84,
        1200,
        heading=True,
        bold=True,
        before=360,
        align="center",
    ),
    Style("KxNumber", "期号", 28, 480, before=160, after=480, align="center"),
    Style("TOCHeading", "TOC Heading", 32, 560, heading=True, after=160, align="center"),
    Style(
        "TOC1",
        "toc 1",
        24,
        heading=True,
        before=80,
        align="left",
        tabs=_DOTS,
        next="Normal",
    ),
    Style(
        "TOC2",
        "toc 2",
        24,
        align="left",
        indent=f'w:left="{CONTENTS_INDENT}"',
        tabs=_DOTS,
        next="Normal",
    ),
    Style(
        "Heading1",
        "heading 1",
        32,
        560,
        heading=True,
        bold=True,
        before=360,
        after=120,
        align="left",
        keep=True,
        level=1,
    ),
    Style(
        "Heading2",
        "heading 2",
        30,
        500,
        heading=True,
        bold=True,
        before=300,
        after=160,
        align="center",
        keep=True,
        level=2,
    ),
    Style("KxDocNumber", "文号", after=120, align="center", keep=True),
    Style("KxAddressee", "主送机关", align="left"),
    Style("KxBody", "快讯正文", indent='w:firstLineChars="200" w:firstLine="480"'),
    Style("KxHeading", "正文一级标题", heading=True, bold=True, keep=True, base="KxBody"),
    Style("KxSubheading", "正文二级标题", bold=True, keep=True, base="KxBody"),
    Style(
        "KxChapter", "章", heading=True, bold=True, before=120, after=60, align="center", keep=True
    ),
    Style(
        "KxTitle",
        "附文标题",
        28,
        480,
        heading=True,
        bold=True,
        before=240,
        after=120,
        align="center",
        keep=True,
    ),
    Style("KxAnnex", "附件号", heading=True, before=240, align="left", keep=True),
    Style("KxSignature", "落款", align="right", keep=True, indent='w:right="480"'),
    Style(
        "KxAttachment",
        "附件",
        align="left",
        keep=True,
        indent='w:left="1200" w:hanging="720"',
        next="KxAttachment",
    ),
    Style(
        "KxAttachmentItem",
        "附件项",
        align="left",
        indent='w:left="1200"',
        next="KxAttachmentItem",
    ),
    Style(
        "KxLinkLabel", "相关链接", heading=True, before=160, align="left", keep=True, next="KxLink"
    ),
    Style("KxLink", "链接地址", 21, after=160, align="left"),
    Style("KxCell", "表格文字", 21, 320, align="left", next="KxCell"),
    Style("KxCellSmall", "表格文字（小）", 18, 280, base="KxCell", next="KxCellSmall"),
    Style("KxCellTiny", "表格文字（微）", 15, 230, base="KxCell", next="KxCellTiny"),
    Style("KxGap", "表格间隔", 8, 120),
    Style("KxPicture", "图", align="center"),
    Style("KxClosing", "结束语", heading=True, align="left", keep=True, next="KxClosing"),
    Style("Footer", "footer", 18, 260, align="center", next="Footer"),
)


def blank(fonts: Fonts) -> DocumentObject:
    """A document with the house's page and styles and no text."""
    document = Document()
    _strip(document)
    _fill(document.styles.element, _styles_xml(fonts))
    _fill(document.settings.element, _SETTINGS)
    part = document.part
    part.relate_to(
        Part(
            PackURI("/word/fontTable.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml",
            _font_table(fonts).encode(),
            part.package,
        ),
        RT.FONT_TABLE,
    )
    section = document.sections[0]
    section.page_width, section.page_height = Twips(PAGE_WIDTH), Twips(PAGE_HEIGHT)
    section.left_margin = section.right_margin = Twips(MARGIN_SIDE)
    section.top_margin, section.bottom_margin = Twips(MARGIN_TOP), Twips(MARGIN_BOTTOM)
    section.header_distance = section.footer_distance = Twips(FOOTER)
    for grid in section._sectPr.findall(f"{{{W}}}docGrid"):  # exact pitch, no grid
        section._sectPr.remove(grid)
    return document


def _strip(document: DocumentObject) -> None:
    """Drops every part of the template but the text, the styles, the settings and the core
    properties: parts that nothing relates to are not written."""
    wanted = {RT.STYLES, RT.SETTINGS, RT.OFFICE_DOCUMENT, RT.CORE_PROPERTIES}
    for rels in (document.part.rels, document.part.package.rels):
        for name in [name for name, rel in rels.items() if rel.reltype not in wanted]:
            del rels[name]


def _fill(element: object, xml: str) -> None:
    """Puts the children of `xml` in place of the element's own."""
    root: list[object] = element  # type: ignore[assignment]
    root[:] = list(parse_xml(xml))


def _fonts_xml(fonts: Fonts, heading: bool) -> str:
    east, latin = quoteattr(fonts.heading if heading else fonts.body), quoteattr(fonts.latin)
    return f"<w:rFonts w:ascii={latin} w:hAnsi={latin} w:eastAsia={east} w:cs={latin}/>"


def _styles_xml(fonts: Fonts) -> str:
    body = _fonts_xml(fonts, heading=False)
    return f"""<w:styles xmlns:w="{W}">
<w:docDefaults><w:rPrDefault><w:rPr>{body}<w:sz w:val="24"/><w:szCs w:val="24"/>
<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>
<w:pPrDefault><w:pPr/></w:pPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>
<w:pPr><w:widowControl/><w:spacing w:before="0" w:after="0" w:line="{PITCH}" w:lineRule="exact"/>
<w:jc w:val="both"/></w:pPr><w:rPr>{body}</w:rPr></w:style>
<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">
<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>
<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>
<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>
<w:top w:w="0" w:type="dxa"/><w:left w:w="70" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>
<w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>
<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>
<w:uiPriority w:val="99"/><w:semiHidden/></w:style>
{"".join(_style_xml(style, fonts) for style in STYLES)}
<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>
<w:basedOn w:val="DefaultParagraphFont"/><w:uiPriority w:val="99"/><w:qFormat/>
<w:rPr>{body}<w:color w:val="0563C1"/><w:u w:val="single"/></w:rPr></w:style>
<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/>
<w:basedOn w:val="TableNormal"/><w:rPr>{body}</w:rPr><w:tblPr><w:tblBorders>
{"".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>' for side in _SIDES)}
</w:tblBorders></w:tblPr></w:style>
</w:styles>"""


PITCH: Final = 400  # 20 points
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


def _style_xml(style: Style, fonts: Fonts) -> str:
    """One w:style; its children stand in the order that the schema asks for."""
    spacing = "".join(
        f' w:{name}="{value}"'
        for name, value in (("before", style.before), ("after", style.after))
        if value
    )
    if style.pitch:
        spacing += f' w:line="{style.pitch}" w:lineRule="exact"'
    if style.id == "KxPicture":  # an exact pitch would cut a picture off
        spacing = ' w:before="60" w:after="60" w:line="240" w:lineRule="auto"'
    paragraph = "".join(
        (
            "<w:keepNext/><w:keepLines/>" if style.keep else "",
            f"<w:tabs>{style.tabs}</w:tabs>" if style.tabs else "",
            f"<w:spacing{spacing}/>" if spacing else "",
            f"<w:ind {style.indent}/>" if style.indent else "",
            f'<w:jc w:val="{style.align}"/>' if style.align else "",
            f'<w:outlineLvl w:val="{style.level - 1}"/>' if style.level else "",
        )
    )
    text = "".join(
        (
            _fonts_xml(fonts, style.heading),
            "<w:b/><w:bCs/>" if style.bold else "",
            f'<w:sz w:val="{style.size}"/><w:szCs w:val="{style.size}"/>',
        )
    )
    return (
        f'<w:style w:type="paragraph" w:styleId="{style.id}"'
        f"{'' if style.id in _BUILT_IN else ' w:customStyle=' + chr(34) + '1' + chr(34)}>"
        f'<w:name w:val={quoteattr(style.name)}/><w:basedOn w:val="{style.base}"/>'
        f'<w:next w:val="{style.next}"/><w:uiPriority w:val="1"/><w:qFormat/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{text}</w:rPr></w:style>"
    )


_BUILT_IN = frozenset({"Title", "TOCHeading", "TOC1", "TOC2", "Heading1", "Heading2", "Footer"})

_SETTINGS: Final = f"""<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/>
<w:defaultTabStop w:val="420"/><w:characterSpacingControl w:val="doNotCompress"/>
<w:compat><w:adjustLineHeightInTable/><w:useFELayout/>
<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word"
 w:val="15"/>
<w:compatSetting w:name="overrideTableStyleFontSizeAndJustification"
 w:uri="http://schemas.microsoft.com/office/word" w:val="1"/>
<w:compatSetting w:name="enableOpenTypeFeatures" w:uri="http://schemas.microsoft.com/office/word"
 w:val="1"/></w:compat>
<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/><w:decimalSymbol w:val="."/>
<w:listSeparator w:val=","/></w:settings>"""

# What a machine without the Chinese name of a font knows it by.
_OTHER_NAMES = {"宋体": "SimSun", "黑体": "SimHei", "仿宋": "FangSong", "楷体": "KaiTi"}


def _font_table(fonts: Fonts) -> str:
    entries = "".join(
        f"<w:font w:name={quoteattr(name)}>"
        + (f'<w:altName w:val="{_OTHER_NAMES[name]}"/>' if name in _OTHER_NAMES else "")
        + "</w:font>"
        for name in dict.fromkeys((fonts.body, fonts.heading, fonts.latin))
    )
    return f'<w:fonts xmlns:w="{W}">{entries}</w:fonts>'
