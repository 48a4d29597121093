"""专题项目 and 重点提案: filed proposals with like contents handled together, and those that leaders lead."""

from collections.abc import Sequence
from dataclasses import dataclass

from sync.contract.errors import Code, Refusal
from sync.contract.instants import day_of
from sync.contract.shapes.proposals import ProposalRecord, ProposalState
from tenant_service import wording
from tenant_service.history import taken
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.members import queries as members
from tenant_service.proposals import project_queries, queries
from tenant_service.proposals.entries import changed
from tenant_service.proposals.models import ProposalProjectRow, ProposalRow
from tenant_service.storage.unit_of_work import Unit


@dataclass(frozen=True)
class Project:
    """A project as somebody plans it. `leader`: 领办领导, by name; `body_id`: 牵头单位, of our list."""

    title: str
    leader: str | None = None
    body_id: str | None = None


def plan(unit: Unit, actor: Actor, told: Project, year: int | None = None) -> ProposalProjectRow:
    """A project of this year, or of `year`, without proposals yet.

    Raises:
        Refusal: FORBIDDEN, BAD_VALUE, CLASSIFIED; NOT_FOUND, there is no such body of ours.
    """
    actor.require(UseCase.EDIT_PROPOSALS)
    row = ProposalProjectRow(
        id=unit.new_id("project"), year=year or day_of(unit.now).year, changed_at=unit.now, ended_at=None
    )
    _describe(unit, row, told)
    unit.session.add(row)
    unit.session.flush()
    audit.note(unit, actor, "project.plan", row.id)
    return row


def change(unit: Unit, actor: Actor, id: str, told: Project) -> ProposalProjectRow:
    """It is as described now; its proposals say so. Raises: Refusal, as `plan`; NOT_FOUND, OUT_OF_TURN, it ended."""
    actor.require(UseCase.EDIT_PROPOSALS)
    row = _open(unit, id)
    _describe(unit, row, told)
    for each in project_queries.proposals(unit.session, id):
        proposal = queries.locked(unit.session, each.id)
        proposal.project = row.title
        changed(unit, actor, proposal, "proposal.group")
    audit.note(unit, actor, "project.change", id)
    return row


def group(unit: Unit, actor: Actor, id: str, proposals: Sequence[str]) -> list[ProposalRecord]:
    """归并: these filed proposals are handled in the project; each is in one at most.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN; OUT_OF_TURN, it ended, or one is not filed or is archived.
    """
    actor.require(UseCase.EDIT_PROPOSALS)
    project = _open(unit, id)
    made = []
    for each in sorted(set(proposals)):
        row = _filed(unit, each)
        row.project_id, row.project = project.id, project.title
        taken.write(unit, actor, row.id, "group", row.state, row.state, project.title)
        made.append(changed(unit, actor, row, "proposal.group"))
    return made


def part_with(unit: Unit, actor: Actor, proposal: str) -> ProposalRecord:
    """移出: it is handled by itself again. Raises: Refusal NOT_FOUND, FORBIDDEN; OUT_OF_TURN, it is in none."""
    actor.require(UseCase.EDIT_PROPOSALS)
    row = _filed(unit, proposal)
    if row.project_id is None:
        raise Refusal(Code.OUT_OF_TURN, now=row.state)
    taken.write(unit, actor, row.id, "part_with", row.state, row.state, row.project)
    row.project_id = row.project = None
    return changed(unit, actor, row, "proposal.part_with")


def end(unit: Unit, actor: Actor, id: str) -> ProposalProjectRow:
    """办结: nothing joins it any more. Raises: Refusal NOT_FOUND, FORBIDDEN; OUT_OF_TURN, it ended."""
    actor.require(UseCase.EDIT_PROPOSALS)
    row = _open(unit, id)
    row.ended_at = unit.now
    audit.note(unit, actor, "project.end", id)
    return row


def mark_key(
    unit: Unit, actor: Actor, id: str, *, is_key: bool, leads: str | None = None, supervises: str | None = None
) -> ProposalRecord:
    """重点提案, with who leads it (领办) and who supervises (督办); or none any more.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN; OUT_OF_TURN, it is not filed; BAD_VALUE, nobody leads it; CLASSIFIED.
    """
    actor.require(UseCase.SIGN_OFF_PROPOSALS)
    row = _filed(unit, id)
    row.is_key = is_key
    row.lead_leader = wording.text("leadLeader", leads, 60) if is_key else None
    row.supervising_leader = wording.optional("supervisingLeader", supervises, 60) if is_key else None
    taken.write(unit, actor, row.id, "mark_key", row.state, row.state, None if is_key else "不再列为重点提案")
    return changed(unit, actor, row, "proposal.mark_key")


def _describe(unit: Unit, row: ProposalProjectRow, told: Project) -> None:
    row.title, row.leader = wording.text("title", told.title, 120), wording.optional("leader", told.leader, 60)
    if told.body_id and members.body(unit.session, told.body_id) is None:
        raise Refusal(Code.NOT_FOUND)
    row.body_id, row.changed_at = told.body_id or None, unit.now


def _open(unit: Unit, id: str) -> ProposalProjectRow:
    row = project_queries.locked(unit.session, id)
    if row.ended_at is not None:
        raise Refusal(Code.ALREADY_DONE)
    return row


def _filed(unit: Unit, id: str) -> ProposalRow:
    row = queries.locked(unit.session, id)
    if row.filed_on is None or row.state is ProposalState.ARCHIVED:
        raise Refusal(Code.OUT_OF_TURN, now=row.state)
    return row
