"""What the first page shows of reports: what waits for somebody; and beside other records, what grew out of them."""

from sync.contract.shapes.recognitions import RecognitionState
from sync.contract.shapes.reports import ReportOutcome, ReportState
from sync.edge.shell.pages import Link
from sync.edge.shell.words import say
from tenant_service.identity.policy import UseCase
from tenant_service.relations import links
from tenant_service.relations.kinds import Relation
from tenant_service.reports import intake_queries as intakes
from tenant_service.reports import listing, queries, recognition_pages
from tenant_service.reports import recognition_queries as recognitions
from tenant_service.reports.models import ReportRow
from tenant_service.signing import queries as signing
from tenant_service.signing.rules import Approval
from tenant_service.web.site import Panel, Todo, Visit, Waits

SOURCES = frozenset({"topic", "activity", "campaign"})
"""Kinds of records on whose pages a report may be begun."""


def starts(visit: Visit) -> list[Link]:
    return [Link("/reports/new", say("撰写成果"))] if visit.may(UseCase.WRITE_REPORTS) else []


def todos(visit: Visit) -> list[Todo]:
    if not visit.actor.sees_work:
        return _mine(visit)
    session, by_state = visit.unit.session, queries.by_state(visit.unit.session)
    waiting = signing.by_approval(session, ReportRow)
    edits, signs = (
        visit.waits(Waits.TO_DO, UseCase.EDIT_REPORTS), visit.waits(Waits.TO_REVIEW, UseCase.SIGN_OFF_REPORTS),
    )  # fmt: skip
    return [
        Todo(say("成果待初审"), by_state.get(ReportState.HANDED_IN, 0), "/reports?state=HANDED_IN", edits),
        Todo(say("成果待签发"), waiting.get(Approval.IN_REVIEW, 0), "/reports?approval=IN_REVIEW", signs),
        Todo(say("成果已退回"), waiting.get(Approval.RETURNED, 0), "/reports?approval=RETURNED", edits),
        Todo(
            say("来稿待收"), intakes.count_waiting(session, visit.unit.committee),
            f"/reports/incoming?state={listing.WAITING}", edits,
        ),
        Todo(
            say("来稿待办"), intakes.count_in(session, ReportOutcome.RECEIVED), "/reports/incoming?state=RECEIVED",
            visit.waits(Waits.TO_DO, UseCase.EDIT_REPORTS),
        ),
        Todo(
            say("成果认定待确认"), recognitions.count(session, RecognitionState.RECORDED),
            "/recognitions?state=RECORDED", signs,
        ),
        *_mine(visit),
    ]  # fmt: skip


def _mine(visit: Visit) -> list[Todo]:
    """What a member has still to finish."""
    if not (visit.actor.is_inside and visit.actor.person):
        return []
    count = queries.mine(visit.unit.session, visit.actor.person, ReportState.DRAFTING)
    found = Todo(say("我撰写中的成果"), count, "/reports?mine=1&state=DRAFTING", Waits.TO_DO)
    return [found] if count else []


def beside(visit: Visit, kind: str, id: str) -> list[Panel]:
    """Reports that grew out of a record, as far as the visitor is shown them, and the way to a new one; and what it was
    recognised by.
    """
    return [*_grown(visit, kind, id), *recognition_pages.beside(visit, kind, id)]


def _grown(visit: Visit, kind: str, id: str) -> list[Panel]:
    if kind not in SOURCES or not visit.actor.is_inside:
        return []
    session, actor = visit.unit.session, visit.actor
    found = [queries.one(session, actor, each) for each in links.sources(session, id, Relation.DERIVED_FROM)]
    rows = [each for each in found if each is not None]
    may_write = visit.may(UseCase.WRITE_REPORTS)
    if not rows and not may_write:
        return []
    return [Panel("reports_panel.html", {"reports": rows, "looks": listing.LOOKS, "may_write": may_write, "of": id})]
