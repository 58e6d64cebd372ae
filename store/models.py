"""The tables. Words as in the design: source, column, row, night, notice, revision, family, review,
issue, entry. Times are aware; Asia/Shanghai is only a matter of display."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from crawler.notice import Arrival, AttachmentKind, FailureKind, NoticeKind, RowState


def _choices(words: type) -> list[tuple[str, str]]:
    return [(w.value, w.value) for w in words]  # type: ignore[attr-defined]


class Verdict(models.TextChoices):
    """How a column's night ended, worst first (design §4.7)."""

    FAILED = "failed", "程序出错"
    BLOCKED = "blocked", "被拦截"
    UNREACHABLE = "unreachable", "无法访问"
    BROKEN = "broken", "读不出列表"
    DRIFT = "drift", "列表有变"
    QUIET = "quiet", "久无更新"
    OK = "ok", "正常"
    UNCHANGED = "unchanged", "无变化"


class ReviewState(models.TextChoices):
    """What editors decided about a family; `none` is the inbox."""

    NONE = "none", "未审"
    CANDIDATE = "candidate", "候选"
    LATER = "later", "待定"
    REJECTED = "rejected", "不用"
    PUBLISHED = "published", "已登"


class Strength(models.TextChoices):
    """On what a notice was joined to its family, strongest first (design §6)."""

    HAND = "hand", "人工"
    NUMBER = "number", "文号"
    TITLE = "title", "标题和正文"
    TEXT = "text", "正文"  # by likeness alone


class LinkKind(models.TextChoices):
    """What a notice is to the document that it is linked to, never joined with."""

    EXPLAINS = "explains", "解读"
    CORRECTS = "corrects", "更正"
    ADDS = "adds", "补充"
    FORWARDS = "forwards", "转发"


class User(AbstractUser):
    """A person at the desk. Roles come with the desk."""


class Source(models.Model):
    """来源: one government site, one file in spiders/."""

    name = models.CharField(max_length=80, unique=True)
    agency = models.CharField(max_length=200)
    region = models.CharField(max_length=6)
    level = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.name


class Column(models.Model):
    """栏目: one list of a source, with what the next night must know of it."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="columns")
    name = models.CharField(max_length=120)
    url = models.CharField(max_length=2000, blank=True)
    etag = models.CharField(max_length=500, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    # the last 30 listed nights: [date, rows of page 1, rows of page 2, …]
    row_counts = models.JSONField(default=list)
    ids = models.JSONField(default=dict)  # platform ids read from the column page
    follow = models.JSONField(default=list)  # later list pages still to be read: Follow's fields
    first_listed = models.DateTimeField(null=True)  # null: its first night is still to come
    last_listed = models.DateTimeField(null=True)  # when rows (or a 304) last came

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "name"], name="column_once")]

    def __str__(self) -> str:
        return f"{self.source.name}/{self.name}"


class Night(models.Model):
    """夜: one run over the sources. A second run on the same date continues the same night."""

    date = models.DateField(unique=True)
    now = models.DateTimeField()  # the night's own clock
    archive = models.CharField(max_length=400, blank=True)  # replayed from; "" for a live night
    started = models.DateTimeField()
    finished = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.date.isoformat()


class Outcome(models.Model):
    """What a column's night came to. Requests, 304s and seconds add up over the night's runs."""

    night = models.ForeignKey(Night, models.CASCADE, related_name="outcomes")
    column = models.ForeignKey(Column, models.CASCADE, related_name="outcomes")
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    why = models.TextField(blank=True)  # in words, Chinese
    stopped = models.TextField(blank=True)  # why paging stopped in the last run, Chinese
    requests = models.PositiveIntegerField(default=0)
    not_modified = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    revised = models.PositiveIntegerField(default=0)
    problems = models.PositiveIntegerField(default=0)
    watched = models.PositiveIntegerField(
        default=0
    )  # kept pages asked for again, in `requests` too
    vanished = models.PositiveIntegerField(default=0)  # of them, those the site has taken down
    seconds = models.FloatField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["night", "column"], name="outcome_once")]


class Row(models.Model):
    """行: one line of a column's list."""

    column = models.ForeignKey(Column, models.CASCADE, related_name="rows")
    url = models.CharField(max_length=2000)
    address = models.CharField(max_length=800)  # indexed: PostgreSQL takes 2,700 bytes
    title = models.TextField()
    date = models.DateField(null=True)
    pinned = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=_choices(RowState))
    arrival = models.CharField(max_length=10, choices=_choices(Arrival))
    held = models.BooleanField(default=False)  # waits for a person's click after a drift
    reason = models.TextField(blank=True)  # why it is still waiting, or gone
    fault = models.CharField(max_length=12, blank=True, choices=_choices(FailureKind))
    tries = models.PositiveIntegerField(default=0)  # nights on which its page could not be had
    tried = models.ForeignKey(Night, models.SET_NULL, null=True, related_name="+")
    night = models.ForeignKey(Night, models.PROTECT, related_name="rows")  # first seen
    # what it led to; under another address when the site moved the page
    notice = models.ForeignKey("Notice", models.SET_NULL, null=True, related_name="rows")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["column", "address"], name="row_once")]
        indexes = [
            models.Index(fields=["address"], name="row_address"),
            models.Index(fields=["column", "state"], name="row_state"),
        ]


class Family(models.Model):
    """转载家族: the notices that are one document; the origin is the issuer's own page if kept."""

    origin = models.ForeignKey("Notice", models.SET_NULL, null=True, related_name="+")
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, related_name="merged")


class Notice(models.Model):
    """通知: one page at one source; the fields are those of its newest revision."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="notices")
    column = models.ForeignKey(Column, models.CASCADE, related_name="notices")
    url = models.CharField(max_length=2000)
    address = models.CharField(max_length=800)
    title = models.TextField()
    published = models.DateTimeField(null=True)
    written = models.DateField(null=True)
    doc_number = models.CharField(max_length=200, blank=True)
    doc_number_printed = models.CharField(max_length=200, blank=True)
    issuers = models.JSONField(default=list)
    index_number = models.CharField(max_length=100, blank=True)
    opens = models.DateField(null=True)
    opens_time = models.TimeField(null=True)
    closes = models.DateField(null=True)
    closes_time = models.TimeField(null=True)
    period_label = models.CharField(max_length=100, blank=True)
    period_sentence = models.TextField(blank=True)
    kind = models.CharField(max_length=20, choices=_choices(NoticeKind))
    section = models.CharField(max_length=40, blank=True)
    topics = models.JSONField(default=list)
    region = models.CharField(max_length=6, blank=True)
    reasons = models.JSONField(default=dict)
    arrival = models.CharField(max_length=10, choices=_choices(Arrival))
    night = models.ForeignKey(Night, models.PROTECT, related_name="notices")  # first kept
    gone = models.DateTimeField(null=True)  # when the site took it down
    etag = models.CharField(max_length=500, blank=True)  # validators of its page
    last_modified = models.CharField(max_length=100, blank=True)
    family = models.ForeignKey(Family, models.PROTECT, related_name="notices")
    joined_by = models.TextField(blank=True)  # why it is in the family, Chinese; "" for the origin
    joined_how = models.CharField(max_length=8, choices=Strength.choices, blank=True)
    joined_to = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")  # like that
    number_key = models.CharField(max_length=300, blank=True)  # family key 1
    title_key = models.CharField(max_length=300, blank=True)  # family key 2
    topic_key = models.CharField(max_length=300, blank=True)  # the document it is, or is about

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "address"], name="notice_once")]
        indexes = [
            models.Index(fields=["number_key"], name="notice_number", condition=~Q(number_key="")),
            models.Index(fields=["title_key"], name="notice_title", condition=~Q(title_key="")),
            models.Index(fields=["topic_key"], name="notice_topic", condition=~Q(topic_key="")),
            models.Index(fields=["doc_number"], name="notice_doc", condition=~Q(doc_number="")),
            models.Index(fields=["night"], name="notice_night"),
        ]

    def __str__(self) -> str:
        return self.title


class Signature(models.Model):
    """The MinHash signature of a notice's text, and the band keys made of it (`store.minhash`)."""

    notice = models.OneToOneField(
        Notice, models.CASCADE, primary_key=True, related_name="signature"
    )
    hashes = models.BinaryField()
    bands = models.BinaryField()  # the keys that stand in Band, so that they can be taken out


class Band(models.Model):
    """One band of a notice's signature: notices with a key in common may have near-same texts."""

    key = models.BigIntegerField()
    # no index of its own: found and removed by key
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="bands", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "notice"], name="band_once")]


class Link(models.Model):
    """A notice about a document: its 解读, 更正, 补充 or 转发; linked, never one family."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="links")
    to = models.ForeignKey(Notice, models.CASCADE, related_name="linked")  # the document
    kind = models.CharField(max_length=8, choices=LinkKind.choices)
    reason = models.TextField()  # how it was found, Chinese

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "to"], name="link_once")]


class Citation(models.Model):
    """A 文号 that a notice's newest text names and that is not its own."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="citations")
    number = models.CharField(max_length=200)  # in the one form, as Notice.doc_number
    printed = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "number"], name="citation_once")]
        indexes = [models.Index(fields=["number"], name="citation_number")]


class Apart(models.Model):
    """Two notices that an editor has split: likeness never brings them together again."""

    one = models.ForeignKey(Notice, models.CASCADE, related_name="apart_from")
    other = models.ForeignKey(Notice, models.CASCADE, related_name="+")  # kept both ways round

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="apart_once")]


class Tombstone(models.Model):
    """A notice that was forgotten: no crawl brings it back."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="tombstones")
    address = models.CharField(max_length=800)
    reason = models.TextField()
    who = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "address"], name="tombstone_once")]


class Revision(models.Model):
    """版本: one state of a notice's content."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()  # 1 is the first
    night = models.ForeignKey(Night, models.PROTECT, related_name="revisions")
    content_hash = models.CharField(max_length=64)
    reader = models.CharField(max_length=20)
    record = models.CharField(max_length=300)  # WARC record: "<file>#<offset>"
    title = models.TextField()
    html = models.TextField()  # sanitised
    text = models.TextField()
    facts = models.JSONField(default=dict)  # 文号, dates, period … of this state, with evidence

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "number"], name="revision_once")]


class Attachment(models.Model):
    """附件: a file or a body image of a revision."""

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="attachments")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=_choices(AttachmentKind))
    name = models.TextField()
    url = models.CharField(max_length=2000)
    address = models.CharField(max_length=800)
    media_type = models.CharField(max_length=120, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    text = models.TextField(blank=True)
    problem = models.TextField(blank=True)
    tries = models.PositiveIntegerField(default=0)  # nights on which it could not be had
    tried = models.ForeignKey(Night, models.SET_NULL, null=True, related_name="+")  # the last

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revision", "position"], name="attachment_once")
        ]


class Problem(models.Model):
    """Something a person should see, on a notice or on a column."""

    column = models.ForeignKey(Column, models.CASCADE, related_name="problem_set")
    notice = models.ForeignKey(Notice, models.CASCADE, null=True, related_name="problem_set")
    night = models.ForeignKey(Night, models.PROTECT, related_name="problem_set")
    code = models.CharField(max_length=60)
    detail = models.TextField()
    url = models.CharField(max_length=2000, blank=True)
    digest = models.CharField(
        max_length=64, unique=True
    )  # of all the above but the night: kept once


class Review(models.Model):
    """审阅: what the editors decided about a family. No crawl ever writes here."""

    family = models.OneToOneField(Family, models.PROTECT, related_name="review")
    notice = models.ForeignKey(
        Notice, models.PROTECT, related_name="+"
    )  # it was decided on this one
    state = models.CharField(max_length=10, choices=ReviewState.choices, default=ReviewState.NONE)
    section = models.CharField(max_length=40, blank=True)
    title = models.TextField(blank=True)  # the editors' title; "" for the notice's own
    text = models.TextField(blank=True)  # the editors' text; "" for the notice's own


class ReviewEvent(models.Model):
    """Append-only: who did what to a family, and when."""

    family = models.ForeignKey(Family, models.PROTECT, related_name="events")
    user = models.ForeignKey(User, models.PROTECT, null=True)  # null: a command
    who = models.CharField(max_length=150)
    at = models.DateTimeField()
    what = models.CharField(max_length=40)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)


class Issue(models.Model):
    """期: one bulletin."""

    number = models.CharField(max_length=40, unique=True)  # (2019) 0902 期
    year = models.PositiveIntegerField()
    month = models.PositiveIntegerField()
    running = models.PositiveIntegerField()  # of the month
    house = models.JSONField(default=dict)  # firm, title, phone, site, footer, closing, sections


class Entry(models.Model):
    """条目: one family in an issue; in an imported issue, also what was never collected."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="entries")
    family = models.ForeignKey(Family, models.PROTECT, null=True, related_name="entries")
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, related_name="+")
    section = models.CharField(max_length=40)
    position = models.PositiveIntegerField()
    title = models.TextField()
    text = models.TextField(blank=True)  # "" until an editor changed it
    printed = models.JSONField(default=dict)  # of an imported issue: the entry as its file has it
    # by what a notice that has run before is known again; of the notice, or of what was printed
    address = models.CharField(max_length=800, blank=True)  # canonical
    doc_number = models.CharField(max_length=200, blank=True)
    title_key = models.CharField(max_length=300, blank=True)
    hashes = models.BinaryField(default=bytes)  # MinHash signature of the text

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issue", "family"], name="entry_once"),
            models.UniqueConstraint(fields=["issue", "position"], name="entry_place"),
        ]
        indexes = [
            models.Index(fields=["doc_number"], name="entry_doc", condition=~Q(doc_number="")),
            models.Index(fields=["title_key"], name="entry_title", condition=~Q(title_key="")),
            models.Index(fields=["address"], name="entry_address", condition=~Q(address="")),
        ]


class EntryBand(models.Model):
    """One band of an entry's signature, as Band is of a notice's."""

    key = models.BigIntegerField()
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="bands")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "entry"], name="entry_band_once")]
