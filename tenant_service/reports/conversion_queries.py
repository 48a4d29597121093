"""成果转化: what was made of opinions: 社情民意信息, speeches, proposals and others."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from sync.contract.ids import kind_of
from sync.contract.instants import day_of
from sync.contract.shapes.reports import ReportState
from tenant_service.relations import links
from tenant_service.relations.kinds import Relation
from tenant_service.reports.models import ReportRow
from tenant_service.topics import figures_queries as topics

PROPOSAL = "PROPOSAL"
OTHER = "OTHER"


@dataclass(frozen=True)
class Funnel:
    """From opinions to what was made of them.

    Attributes:
        raised: Opinions that were raised in the window.
        converted: Opinions of which something was made in it, each once.
        made: Code of a kind of report, or `PROPOSAL` → how many opinions became one; an opinion may stand in several.
    """

    raised: int
    converted: int
    made: Mapping[str, int]


def funnel(session: Session, since: dt.date, until: dt.date) -> Funnel:
    """Both days inclusive. What was not handed in yet, or is not taken on, was made of nothing."""
    raised = sum(each.number for each in topics.raised(session, since, until))
    found = {
        (source, kind) for source, target, at in links.all_of(session, Relation.CONVERTED_TO)
        if kind_of(source) == "topic" and since <= day_of(at) <= until and (kind := _kind(session, target))
    }  # fmt: skip
    made = Counter(kind for _, kind in found)
    return Funnel(raised, len({source for source, _ in found}), dict(sorted(made.items())))


def _kind(session: Session, target: str) -> str | None:
    if kind_of(target) == "report":
        row = session.get(ReportRow, target)
        counts = row is not None and row.state not in (ReportState.DRAFTING, ReportState.DECLINED)
        return row.kind.value if row is not None and counts else None
    return PROPOSAL if kind_of(target) == "proposal" else OTHER
