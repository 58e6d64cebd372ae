"""Problems a person should see, each kept once."""

import hashlib
import json

from store.fit import fit
from store.models import Column, Night, Notice, Problem


def note(
    column: Column,
    night: Night,
    code: str,
    detail: str,
    *,
    url: str = "",
    notice: Notice | None = None,
) -> str:
    """Keep the problem unless it is kept already; returns its digest."""
    fields = fit(Problem, code=code, detail=detail, url=url)
    place = [column.source.name, column.name, notice.address if notice else ""]
    said = json.dumps([*place, *fields.values()], ensure_ascii=False)
    digest = hashlib.sha256(said.encode()).hexdigest()
    Problem.objects.get_or_create(
        digest=digest, defaults={"column": column, "night": night, "notice": notice, **fields}
    )
    return digest
