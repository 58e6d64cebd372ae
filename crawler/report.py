"""What a column's night did, as the spider saw it. The night judges it; the store keeps it."""

from dataclasses import dataclass


@dataclass(slots=True)
class ColumnReport:
    """Counts and findings of one column in one run."""

    requests: int = 0  # list and notice pages and files; robots, ids and waiting rows are apart
    not_modified: int = 0
    watched: int = 0  # of the requests: kept pages asked for again
    rows: int = 0  # rows read from list pages
    seconds: float = 0.0
    stopped: str = ""  # why paging stopped, Chinese
    doubt: str = ""  # why a kept page that is not there counts as no vanished one, Chinese
    left: str = ""  # which later page is left for the next night and why, Chinese
    listed: bool = False  # a list (or a 304) came
    generic: bool = False  # the generic reader stood in for the selectors
    drift: str = ""  # what changed in the list, Chinese
    broken: str = ""  # why no rows could be used, Chinese
    blocked: str = ""  # which challenge or refusal, Chinese
    unreachable: str = ""  # Chinese
    failed: str = ""  # an exception of ours
