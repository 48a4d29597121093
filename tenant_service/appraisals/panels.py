"""What the first page shows of appraisals, and what a campaign's page does."""

from sync.contract.shapes.supervision import AppraisalOrder, AppraisalState
from sync.edge.shell.words import say
from tenant_service.appraisals import listing, queries
from tenant_service.identity.policy import UseCase
from tenant_service.supervision import queries as campaigns
from tenant_service.web.site import Panel, Todo, Visit, Waits

MOST_BESIDE = 50


def todos(visit: Visit) -> list[Todo]:
    found = []
    waiting = queries.waiting_for(visit.unit.session, visit.actor.person if visit.actor.is_home else None)
    if waiting:
        found.append(Todo(say("待填评议票"), waiting, "/appraisals?mine=1", Waits.TO_DO))
    if visit.actor.sees_work:
        session = visit.unit.session
        found += [
            Todo(
                say("评议结果待公布"), queries.standing_at(session, AppraisalState.COUNTED),
                "/appraisals?state=COUNTED", visit.waits(Waits.TO_REVIEW, UseCase.SIGN_OFF_SUPERVISION),
            ),
            Todo(
                say("评议异议待答复"), queries.standing_at(session, AppraisalState.OBJECTED),
                "/appraisals?state=OBJECTED", visit.waits(Waits.TO_REVIEW, UseCase.SIGN_OFF_SUPERVISION),
            ),
        ]  # fmt: skip
    return found


def beside(visit: Visit, kind: str, id: str) -> list[Panel]:
    """The appraisals of a campaign of ours, or of a body of our list, on its page."""
    if kind == "body":
        return _of_body(visit, id) if visit.actor.sees_work else []
    if kind != "campaign":
        return []
    wanted = queries.Wanted(campaign_id=id)
    order = AppraisalOrder.CHANGED_AT_DESC
    rows = queries.listed(visit.unit.session, visit.actor, wanted, order, MOST_BESIDE, None).rows
    row = campaigns.at_work(visit.unit.session, visit.actor, id)
    may_begin = row is not None and row.kind.value == "APPRAISAL" and row.state.value == "RUNNING"
    if not rows and not may_begin:
        return []
    return [Panel("appraisals_panel.html", {
        "table": listing.table(visit, rows), "here": visit.here, "campaign": id,
        "bars": listing.bars_by_body(rows), "most": max((row.ballots or 0 for row in rows), default=0),
        "may_begin": may_begin and visit.may(UseCase.EDIT_SUPERVISION),
    })]  # fmt: skip


def _of_body(visit: Visit, id: str) -> list[Panel]:
    wanted, order = queries.Wanted(body_id=id), AppraisalOrder.CHANGED_AT_DESC
    rows = queries.listed(visit.unit.session, visit.actor, wanted, order, MOST_BESIDE, None).rows
    told = {
        "table": listing.table(visit, rows), "here": visit.here, "campaign": None, "bars": [], "most": 0,
        "may_begin": False,
    }  # fmt: skip
    return [Panel("appraisals_panel.html", told)] if rows else []
