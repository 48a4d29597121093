"""What the lists of proposals come to, and the letters that answered them."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.contract.ids import kind_of
from sync.contract.shapes.items import AssignmentRole, AssignmentState, ItemKind, ItemState
from tenant_service.assignments import handling_queries as handling
from tenant_service.assignments.models import AssignmentRow, ItemRow, LetterRow
from tenant_service.proposals.rules import Handled

_FIRST = (AssignmentRole.LEAD, AssignmentRole.SEPARATE, AssignmentRole.ASSIST)


def item_of(session: Session, proposal: str) -> str | None:
    """The item that is the proposal itself; None: it was never handed over."""
    wanted = select(ItemRow.id).where(ItemRow.list_id == proposal, ItemRow.kind == ItemKind.PROPOSAL)
    return session.scalars(wanted).one_or_none()


def is_answer(item: ItemRow, row: AssignmentRow) -> bool:
    """Whether a reply to this assignment is the answer to a proposal, or one of several, and no opinion for a lead."""
    return item.kind is ItemKind.PROPOSAL and row.role is not AssignmentRole.ASSIST


def handled(session: Session, proposal: str) -> Handled:
    """Where its list stands."""
    item = item_of(session, proposal)
    rows = handling.of_item(session, item) if item else []
    alive = [row for row in rows if row.state is not AssignmentState.WITHDRAWN]
    given = [row for row in alive if row.state is not AssignmentState.FORWARDED]
    told = [row for row in given if row.role is not AssignmentRole.ASSIST]
    is_over = bool(told) and all(row.state is AssignmentState.CLOSED for row in told)
    bodies = sorted(given, key=lambda row: (_FIRST.index(row.role), row.id))
    states = _commitments(session, proposal)
    return Handled(
        bodies=tuple(dict.fromkeys(row.body or "" for row in bodies)), is_handed=bool(given),
        classes=tuple(row.reply_class for row in told if row.reply_class) if is_over else (),
        closed_at=max((row.closed_at for row in told if row.closed_at), default=None) if is_over else None,
        commitments=len(states), kept=sum(state is ItemState.DONE for state in states),
    )  # fmt: skip


def has_commitments(session: Session, proposal: str) -> bool:
    """Whether anything is committed to on its list, agreed or still to be."""
    wanted = select(ItemRow.id).where(
        ItemRow.list_id == proposal, ItemRow.kind == ItemKind.COMMITMENT, ItemRow.state != ItemState.NOT_ADOPTED
    )
    return session.scalar(wanted.limit(1)) is not None


def _commitments(session: Session, proposal: str) -> Sequence[ItemState]:
    wanted = select(ItemRow.state).where(
        ItemRow.list_id == proposal, ItemRow.kind == ItemKind.COMMITMENT, ItemRow.number.is_not(None),
        ItemRow.state != ItemState.NOT_ADOPTED,
    )  # fmt: skip
    return session.scalars(wanted).all()


# ── letters ──


def letters(session: Session, assignments: Collection[str]) -> dict[str, list[LetterRow]]:
    """Assignment → its letters, the first one first."""
    wanted = select(LetterRow).where(LetterRow.assignment_id.in_(assignments))
    found: dict[str, list[LetterRow]] = {}
    for each in session.scalars(wanted.order_by(LetterRow.assignment_id, LetterRow.seq)):
        found.setdefault(each.assignment_id, []).append(each)
    return found


def told_letters(session: Session, proposal: str) -> list[tuple[AssignmentRow, LetterRow]]:
    """答复函 of a proposal that whoever signs has closed: of each body, in each round, the last that it wrote."""
    item = item_of(session, proposal)
    rows = {row.id: row for row in handling.of_item(session, item)} if item else {}
    found = [(rows[id], each) for id, of in letters(session, rows).items() for each in of if each.told_on]
    return sorted(found, key=lambda pair: (pair[1].replied_on, pair[1].assignment_id, pair[1].seq))


def list_is_a_proposals(item: ItemRow) -> bool:
    return kind_of(item.list_id) == "proposal"
