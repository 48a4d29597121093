"""What the first page shows of proposals: what waits for somebody; and beside other records, what grew out of them."""

from sync.contract.shapes.proposals import ProposalState
from sync.edge.shell.pages import Link
from sync.edge.shell.words import say
from tenant_service.identity.policy import UseCase
from tenant_service.proposals import listing, queries
from tenant_service.proposals.models import ProposalRow
from tenant_service.relations import links
from tenant_service.relations.kinds import Relation
from tenant_service.signing import queries as signing
from tenant_service.signing.rules import Approval
from tenant_service.web.site import Panel, Todo, Visit, Waits

SOURCES = frozenset({"post", "topic", "activity", "form", "report", "campaign"})
"""Kinds of records on whose pages a proposal may be begun."""


def starts(visit: Visit) -> list[Link]:
    return [Link("/proposals/new", say("撰写提案"))] if visit.may(UseCase.WRITE_PROPOSALS) else []


def todos(visit: Visit) -> list[Todo]:
    if not visit.actor.sees_work:
        return _mine(visit)
    session, by_state = visit.unit.session, queries.by_state(visit.unit.session)
    waiting = signing.by_approval(session, ProposalRow)
    edits = visit.waits(Waits.TO_DO, UseCase.EDIT_PROPOSALS)
    signs = visit.waits(Waits.TO_REVIEW, UseCase.SIGN_OFF_PROPOSALS)

    def stand(state: ProposalState) -> tuple[int, str]:
        return by_state.get(state, 0), f"/proposals?state={state.value}"

    return [
        Todo(say("提案待初审"), *stand(ProposalState.SUBMITTED), edits),
        Todo(say("提案待复审"), *stand(ProposalState.FIRST_REVIEWED), edits),
        Todo(say("提案待立案"), waiting.get(Approval.IN_REVIEW, 0), "/proposals?approval=IN_REVIEW", signs),
        Todo(say("已立案待交办"), *stand(ProposalState.FILED), edits),
        *_mine(visit),
    ]


def _mine(visit: Visit) -> list[Todo]:
    """What a member has still to finish, and what waits for their signature."""
    person = visit.actor.person
    if not (visit.actor.is_inside and person):
        return []
    session = visit.unit.session
    own, asked = queries.mine(session, person), len(queries.to_sign(session, person))
    found = []
    if asked:
        found.append(Todo(say("请我附议的提案"), asked, "/proposals/to-sign", Waits.TO_DO))
    if own:
        found.append(Todo(say("我撰写中的提案"), own, "/proposals?drafts=1", Waits.TO_DO))
    return found


def beside(visit: Visit, kind: str, id: str) -> list[Panel]:
    """Proposals that grew out of a record, as far as the visitor is shown them, and the way to a new one."""
    if kind not in SOURCES or not visit.actor.is_inside:
        return []
    session, actor = visit.unit.session, visit.actor
    found = [
        queries.one(session, actor, each) for each in links.sources(session, id, Relation.DERIVED_FROM)
        if each.split(".")[1] == "proposal"
    ]  # fmt: skip
    rows, may_write = [each for each in found if each is not None], visit.may(UseCase.WRITE_PROPOSALS)
    if not rows and not may_write:
        return []
    told = {"proposals": rows, "looks": listing.LOOKS, "may_write": may_write, "of": id}
    return [Panel("proposals_panel.html", told)]
