"""Every read of what was handed over to bodies of other committees, at the committee that handed it over."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal, Said
from sync.contract.shapes.handovers import HandoverRecord
from tenant_service.assignments.models import AssignmentRow, HandoverRow
from tenant_service.identity.actor import Actor


def of_assignment(session: Session, assignment: str) -> list[HandoverRow]:
    """Every committee's body that had or has it in hands, oldest first; locked."""
    wanted = select(HandoverRow).where(HandoverRow.assignment_id == assignment).order_by(HandoverRow.id)
    return list(session.scalars(wanted.with_for_update()))


def standing(session: Session, item: str) -> list[HandoverRow]:
    """Those of an item's parts that a body of another committee has in hands now, or had last; locked."""
    parts = select(AssignmentRow.id).where(AssignmentRow.item_id == item)
    wanted = select(HandoverRow).where(HandoverRow.assignment_id.in_(parts), HandoverRow.moved_at.is_(None))
    return list(session.scalars(wanted.order_by(HandoverRow.id).with_for_update()))


def of_home(session: Session, id: str, home: str) -> tuple[HandoverRow, AssignmentRow]:
    """What was handed over to a body of that committee, and the assignment, which that body has in hands; both locked,
    in the order in which every act does (`entries.locked_item_of`).

    Raises:
        Refusal: NOT_FOUND, also for any other's, and where the assignment is gone; OUT_OF_TURN, another body has it by
            now.
    """
    theirs = HandoverRow.id == id, HandoverRow.to_id == home
    of = session.scalar(select(HandoverRow.assignment_id).where(*theirs))
    assignment = session.scalars(select(AssignmentRow).where(AssignmentRow.id == of).with_for_update()).one_or_none()
    row = session.scalars(
        select(HandoverRow).where(*theirs).with_for_update(), execution_options={"populate_existing": True}
    ).one_or_none()
    if row is None or assignment is None:
        raise Refusal(Code.NOT_FOUND)
    if row.moved_at is not None:
        raise Refusal(Code.OUT_OF_TURN, now=Said("已改派其他单位", "GIVEN_TO_ANOTHER"))
    if assignment.body_id != row.body_id:
        raise Refusal(Code.NOT_FOUND)
    return row, assignment


def last_of(session: Session, assignment: str) -> HandoverRow | None:
    """How an assignment stands at the home of whoever has it in hands; None: a body of our own list has it."""
    wanted = select(HandoverRow).where(HandoverRow.assignment_id == assignment, HandoverRow.moved_at.is_(None))
    return session.scalars(wanted.order_by(HandoverRow.id.desc()).limit(1)).one_or_none()


def one(session: Session, actor: Actor, id: str) -> HandoverRecord | None:
    """What we handed over, for our office alone."""
    row = session.get(HandoverRow, id) if actor.sees_work else None
    return row.record() if row else None
