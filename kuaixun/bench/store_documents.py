"""The invented documents of `kuaixun bench store`, each as its issuer prints it."""

import datetime as dt
import random
from dataclasses import dataclass, replace

from kuaixun.bench import store_words as words
from kuaixun.bench.store_words import NUMERALS, Agency


@dataclass(frozen=True, slots=True)
class Document:
    """A document: what every true copy of it says."""

    title: str
    agency: Agency
    day: dt.date
    body: tuple[str, ...]  # lines, addressee included; no title, 文号, signature or attachments
    number: str = ""
    attachments: tuple[str, ...] = ()  # names, as listed below the body
    signed: bool = True

    @property
    def lines(self) -> list[str]:
        """The document as its issuer's page has it."""
        found = list(self.body)
        found += [f"附件：{'；'.join(self.attachments)}"] if self.attachments else []
        return found + ([self.agency.name, words.day(self.day)] if self.signed else [])


def some_day(rng: random.Random) -> dt.date:
    return dt.date(2017, 1, 10) + dt.timedelta(days=rng.randrange(1000))


def policy(rng: random.Random, agency: Agency) -> Document:
    """A policy of headings and paragraphs, 600 to 8,000 letters."""
    day, subject = some_day(rng), f"{words.field(rng)}{words.topic(rng)}"
    sort = rng.choice(("通知", "意见", "通知", "公告", "实施方案的通知", "若干措施的通知"))
    verb = rng.choice(("做好", "加强", "推进", "规范", "印发", "组织开展"))
    title = f"关于{verb}{subject}{'工作' if verb != '印发' else ''}的{sort}"
    lines = [rng.choice(("各有关单位：", "各市州主管部门：", "各省、自治区、直辖市主管部门："))]
    about = words.field(rng)
    opening = words.sentence(rng, about, day.year)
    lines.append(f"为{opening.rstrip('。')}，经研究，现就{subject}有关事项通知如下：")
    long = rng.random() < 0.08  # an action plan, printed whole
    for part in range(10 if long else rng.choice((3, 3, 4, 5, 6, 8))):
        lines.append(f"{NUMERALS[part]}、{words.heading(rng)}")
        for item in range(rng.randint(4, 10) if long else rng.randint(1, 5)):
            said = words.paragraph(rng, about, day.year)
            lines.append(f"（{NUMERALS[item]}）{said}" if rng.random() < 0.7 else said)
    return Document(title, agency, day, tuple(lines), _number(rng, agency, day), _annexes(rng))


def call(rng: random.Random, agency: Agency) -> Document:
    """A call for applications, with a closing day, a telephone and a person to ask."""
    day = some_day(rng)
    subject = f"{words.field(rng)}{words.topic(rng)}"
    title = f"关于组织申报{day.year}年{subject}的通知"
    closes = day + dt.timedelta(days=rng.randint(20, 60))
    about = words.field(rng)
    lines = [
        "各有关单位：",
        f"根据年度工作安排，现组织开展{day.year}年{subject}申报工作，有关事项通知如下：",
        "一、申报条件",
    ]
    lines += [words.paragraph(rng, about, day.year) for _ in range(rng.randint(2, 6))]
    lines.append("二、申报材料")
    lines += [f"{i + 1}.{words.sentence(rng, about, day.year)}" for i in range(rng.randint(2, 5))]
    lines.append("三、时间和方式")
    lines.append(
        f"请于{words.day(closes)}前将纸质材料一式{rng.choice('两三四五')}份报送我单位，逾期不予受理。"
    )
    lines.append(
        f"联系人：{words.person(rng)}；联系电话：{words.phone(rng)}；"
        f"电子邮箱：{rng.choice('abcdefgh')}{rng.randint(1000, 99999)}@example.cn"
    )
    return Document(title, agency, day, tuple(lines), _number(rng, agency, day), _annexes(rng))


def next_year(rng: random.Random, one: Document) -> Document:
    """The same call a year later: the same words, other days, persons and telephones."""
    year, day = one.day.year, one.day.replace(day=10, year=one.day.year + 1)
    subject = one.title.partition(f"{year}年")[2][:2]
    closes = words.day(day + dt.timedelta(days=rng.randint(20, 60)))
    lines = []
    for line in one.body:
        line = line.replace(f"{year}年{subject}", f"{day.year}年{subject}")
        if line.startswith("请于"):
            line = f"请于{closes}{line[line.index('前') :]}"
        if line.startswith("联系人") and rng.random() < 0.8:
            line = (
                f"联系人：{words.person(rng)}；联系电话：{words.phone(rng)}；"
                f"{line[line.index('电子邮箱') :]}"
            )
        lines.append(line)
    title = one.title.replace(f"{year}年", f"{day.year}年")
    return replace(
        one, title=title, day=day, body=tuple(lines), number=_number(rng, one.agency, day)
    )


def batches(rng: random.Random, agency: Agency, count: int) -> list[Document]:
    """Lists of companies that passed, batch by batch, in the same words."""
    first, subject = some_day(rng), f"{words.field(rng)}{words.topic(rng)}"
    about, found = words.field(rng), []
    said = [words.sentence(rng, about, first.year) for _ in range(rng.randint(1, 4))]
    phone = words.phone(rng)
    for batch in range(count):
        day = first + dt.timedelta(days=batch * rng.randint(25, 90))
        named = NUMERALS[batch]
        rows = [
            f"{i + 1}\t{words.company(rng)}\t{words.topic(rng)}" for i in range(rng.randint(4, 30))
        ]
        body = (
            f"根据有关规定，经企业申报、专家评审，现将{subject}（第{named}批）名单予以公示。",
            *said,
            f"公示期自{words.day(day)}起5个工作日。联系电话：{phone}",
            "序号\t企业名称\t项目名称",
            *rows,
        )
        title = f"关于{subject}第{named}批名单的公示"
        found.append(Document(title, agency, day, body))
    return found


def months(rng: random.Random, agency: Agency, count: int) -> list[Document]:
    """What an agency tells every month in the same words."""
    year, start = rng.randint(2017, 2019), rng.randint(1, 12)
    subject, about = words.topic(rng), words.field(rng)
    said = [words.sentence(rng, about, year) for _ in range(rng.randint(3, 8))]
    places = rng.sample(range(1, 60), rng.randint(5, 12))
    found = []
    for step in range(count):
        at = start + step
        when = dt.date(year + (at - 1) // 12, (at - 1) % 12 + 1, rng.randint(3, 12))
        told = f"{when.year}年{when.month}月"
        rows = [
            f"第{p}监测点\t{rng.randint(20, 180)}\t{rng.randint(1, 99)}.{rng.randint(1, 9)}%"
            for p in places
        ]
        body = (f"现将{told}{subject}情况公布如下：", "点位\t数值\t同比", *rows, *said)
        found.append(Document(f"{told}{subject}情况通报", agency, when, body))
    return found


_PERMITS = (
    "经审查，{company}报来的{topic}申请材料齐全，符合受理条件，现将拟审批意见予以公示，公示期为{closes}前。"
    "公示期间，申请人、利害关系人可以书面提出听证申请，逾期未提出的，视为放弃权利。",
    "根据建设项目环境影响评价审批程序的有关规定，经审议，我单位拟对{company}{topic}项目环境影响评价文件作出审批意见。"
    "为保证审批的严肃性和公正性，现将基本情况予以公示，公众可在{closes}前以信函、传真、来访等方式反馈意见。",
    "你单位《关于{topic}项目的请示》收悉。经研究，原则同意{company}按照申报的地点、规模和内容建设该项目，"
    "建设期自批复之日起至{closes}，逾期须重新报批。",
)
_PERMIT_LINES = (
    "项目建设须严格执行环境保护设施与主体工程同时设计、同时施工、同时投产使用的制度。",
    "施工期应合理安排作业时间，采取洒水抑尘、围挡和车辆冲洗等措施，减少扬尘和噪声影响。",
    "产生的固体废物应分类收集、妥善贮存，属于危险废物的交由有资质的单位处置。",
    "项目竣工后，应按规定的程序和标准组织验收，验收合格后方可投入使用。",
    "项目的性质、规模、地点或者防治措施发生重大变动的，应当重新报批。",
    "请属地主管部门负责该项目的日常监督管理，发现问题及时报告。",
    "建设单位应当建立健全内部管理制度，明确责任人，配合有关部门的监督检查。",
)


def permits(rng: random.Random, agency: Agency, count: int) -> list[Document]:
    """Notices of one template at one source, each of another company; titles told or not."""
    template = rng.choice(_PERMITS)
    stock = rng.sample(_PERMIT_LINES, rng.randint(3, len(_PERMIT_LINES)))
    phone, generic = words.phone(rng), rng.random() < 0.4
    first, found = some_day(rng), []
    for _ in range(count):
        day = first + dt.timedelta(days=rng.randrange(400))
        company, subject = words.company(rng), words.topic(rng)
        closes = words.day(day + dt.timedelta(days=rng.randint(5, 10)))
        size = f"占地{rng.randint(800, 90000)}平方米，总投资{rng.randint(100, 90000)}万元。"
        body = (
            template.format(company=company, topic=subject, closes=closes),
            f"项目名称：{subject}项目",
            f"建设单位：{company}",
            f"建设内容：{size}",
            *stock,
            f"联系电话：{phone}",
        )
        title = "建设项目拟审批公示" if generic else f"关于{company}{subject}项目的公示"
        number = _number(rng, agency, day) if "你单位" in template else ""
        found.append(Document(title, agency, day, body, number))
    return found


def appointments(rng: random.Random, agency: Agency, count: int) -> list[Document]:
    """任前公示: one template, other persons."""
    first, phone, found = some_day(rng), words.phone(rng), []
    for at in range(count):
        day = first + dt.timedelta(days=at * rng.randint(10, 60))
        lines = []
        for _ in range(rng.randint(1, 5)):
            born = f"{rng.randint(1962, 1990)}年{rng.randint(1, 12)}月生"
            new = f"{words.field(rng)}处{rng.choice(('处长', '副处长'))}"
            post = f"{rng.choice('一二三四')}级{rng.choice(('主任科员', '调研员'))}"
            lines.append(
                f"{words.person(rng)}，{rng.choice('男女')}，汉族，{born}，中共党员，大学学历，"
                f"现任{words.field(rng)}处{post}，拟任{new}。"
            )
        closes = words.day(day + dt.timedelta(days=7))
        body = (
            "根据干部选拔任用工作的有关规定，现将拟任职人选情况公示如下：",
            *lines,
            f"公示期至{closes}。对公示对象有情况反映的，请以真实姓名来信或者来电，我们将认真调查核实，"
            f"并为反映人严格保密。监督电话：{phone}",
        )
        found.append(Document("任前公示" if at % 2 else "干部任前公示", agency, day, body))
    return found


def holiday(rng: random.Random, agency: Agency, year: int, feast: str, day: dt.date) -> Document:
    """Every agency's own notice that it is closed: short, in words like all others'."""
    body = (
        "各处室、各直属单位：",
        f"根据上级通知精神，{year}年{feast}放假时间为{words.day(day)}至"
        f"{words.day(day + dt.timedelta(days=2))}，共3天。",
        f"请妥善安排值班和安全保卫等工作，遇有重大突发事件及时报告。值班电话：{words.phone(rng)}",
    )
    return Document(f"关于{year}年{feast}放假安排的通知", agency, day - dt.timedelta(days=5), body)


def short_text(rng: random.Random, agency: Agency) -> Document:
    """A page of two sentences whose content is a file."""
    day, subject = some_day(rng), f"{words.field(rng)}{words.topic(rng)}"
    body = (f"现将{subject}有关文件予以公布，请遵照执行。", words.sentence(rng, subject, day.year))
    return Document(
        f"关于公布{subject}的公告", agency, day, body, _number(rng, agency, day), _annexes(rng)
    )


def final_of(rng: random.Random, draft: Document) -> Document:
    """What a draft became: some paragraphs in other words, some gone, some new."""
    day, about = draft.day + dt.timedelta(days=rng.randint(60, 200)), words.field(rng)
    lines = []
    for at, line in enumerate(draft.body):
        if at > 1 and len(line) > 20 and (at % 7 == 3 or rng.random() < 0.1):
            line = words.paragraph(rng, about, day.year)
        lines.append(line)
    return replace(draft, day=day, body=tuple(lines), number=_number(rng, draft.agency, day))


def draft_of(final: Document) -> Document:
    """How a document is put out for opinions: its words under another title."""
    name = final.title.removeprefix("关于").removesuffix("的通知")
    opening = f"现就《{name}（征求意见稿）》公开征求意见，请于30日内反馈。"
    title = f"关于《{name}（征求意见稿）》公开征求意见的通知"
    return replace(final, title=title, body=(opening, *final.body[1:]), number="", attachments=())


def explanation(rng: random.Random, of: Document) -> Document:
    """解读, 图解 or 答问: words of its own, and some of the document's."""
    day = of.day + dt.timedelta(days=rng.randint(0, 12))
    form = rng.choice(("《{}》政策解读", "《{}》解读", "图解《{}》", "《{}》答记者问"))
    cited = f"（{of.number}）" if of.number and rng.random() < 0.6 else ""
    lines = [f"近日，{of.agency.name}印发了《{of.title}》{cited}，现就有关内容解读如下。"]
    quoted = rng.sample([x for x in of.body if len(x) > 20], min(4, len(of.body) // 4))
    for at in range(rng.randint(2, 6)):
        lines.append(f"{NUMERALS[at]}、问：{words.heading(rng)}是怎样考虑的？")
        lines.append(f"答：{words.paragraph(rng, words.field(rng), day.year)}")
        lines += [f"文件明确：{quoted.pop()}"] if quoted else []
    return Document(form.format(of.title), of.agency, day, tuple(lines), signed=False)


def change(rng: random.Random, of: Document) -> Document:
    """更正, 补充 or 延期 of a document."""
    day = of.day + dt.timedelta(days=rng.randint(3, 40))
    form = rng.choice(
        ("关于《{0}》的补充通知", "关于《{0}》的更正公告", "关于延长《{0}》期限的通知")
    )
    cited = f"（{of.number}）" if of.number else ""
    lines = (
        "各有关单位：",
        f"我单位于{words.day(of.day)}印发了《{of.title}》{cited}，现将有关事项进一步明确如下：",
        *(words.paragraph(rng, words.field(rng), day.year) for _ in range(rng.randint(1, 3))),
    )
    own = _number(rng, of.agency, day)
    return Document(form.format(of.title), of.agency, day, lines, own)


def forwarding(rng: random.Random, of: Document, agency: Agency) -> Document:
    """A document handed on by another agency with a letter before it."""
    day = of.day + dt.timedelta(days=rng.randint(3, 40))
    cited = f"（{of.number}）" if of.number else ""
    letter = rng.choice(
        (
            "现将《{0}》{1}转发给你们，请结合本地区实际，认真贯彻执行。",
            "现将{2}《{0}》{1}转发给你们，请认真组织落实，并于每月底前报送工作进展。",
        )
    ).format(of.title, cited, of.agency.name)
    more = [words.sentence(rng, words.field(rng), day.year) for _ in range(rng.randint(0, 3))]
    lines = ("各市州主管部门：", letter, *more, agency.name, words.day(day), "附件：", *of.lines)
    title = f"转发{of.agency.name}{of.title}的通知".replace("的通知的通知", "的通知")
    return Document(title, agency, day, lines, _number(rng, agency, day), signed=False)


def _number(rng: random.Random, agency: Agency, day: dt.date) -> str:
    return words.number(agency, day.year, rng.randint(1, 900)) if rng.random() < 0.7 else ""


def _annexes(rng: random.Random) -> tuple[str, ...]:
    if rng.random() < 0.5:
        return ()
    return tuple(f"{i + 1}.{words.topic(rng)}申报表" for i in range(rng.randint(1, 4)))
