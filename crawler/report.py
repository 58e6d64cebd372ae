"""What a column's night did, as the spider saw it. The night judges it; the store keeps it."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class ColumnReport:
    """Counts and findings of one column in one run."""

    requests: int = 0  # list and notice pages and files; robots, ids and waiting rows are apart
    list_requests: int = 0
    id_requests: int = 0  # column pages asked only for platform ids
    not_modified: int = 0
    rows: int = 0  # rows read from list pages
    pages: int = 0  # list pages read
    seconds: float = 0.0
    stopped: str = ""  # why paging stopped, Chinese
    listed: bool = False  # a list (or a 304) came
    same: bool = False  # 304, or the same rows as last time
    generic: bool = False  # the generic reader stood in for the selectors
    drift: str = ""  # what changed in the list, Chinese
    broken: str = ""  # why no rows could be used, Chinese
    blocked: str = ""  # which challenge or refusal, Chinese
    unreachable: str = ""  # Chinese
    failed: str = ""  # an exception of ours
    notes: list[str] = field(default_factory=list)  # other words for the night's table, Chinese
