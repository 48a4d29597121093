"""代录: what a body that has no account said on paper, entered for it by the office (practice 2 and 14)."""

import datetime as dt

from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import owner_of
from sync.contract.instants import day_of, midnight
from tenant_service import wording
from tenant_service.assignments import handling_queries as handling
from tenant_service.assignments.descriptions import Paper
from tenant_service.assignments.models import AssignmentRow
from tenant_service.assignments.rules import STATES, Act
from tenant_service.history import taken
from tenant_service.identity import accounts
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role, UseCase
from tenant_service.storage.unit_of_work import Unit

SUFFIX = "_on_paper"
"""Ends the acts of the history that somebody else entered."""


def entered(unit: Unit, actor: Actor, id: str, paper: Paper) -> AssignmentRow:
    """The assignment, locked, for whose body the office enters this paper.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND; OUT_OF_TURN, no body of ours has it; BODY_ANSWERS_ITSELF, it has an account;
            BAD_TIME, the paper is of a day to come, or from before it was the body's turn.
    """
    actor.require(UseCase.EDIT_ITEMS)
    row = handling.locked(unit.session, id)
    if row.body_id is None or owner_of(row.body_id) != unit.committee:
        raise Refusal(Code.OUT_OF_TURN, now=row.state)
    if holders := accounts.of_body(unit.session, row.body_id, Role.DEPARTMENT):
        raise Refusal(Code.BODY_ANSWERS_ITSELF, body=row.body or "", who="、".join(each.name for each in holders))
    turned = handling.turned_at(unit.session, id)
    since = day_of(turned) if turned else row.assigned_on
    if paper.day > day_of(unit.now) or (since and paper.day < since):
        why = Said(f"须在交办、退回重办或重新办理之日（{since}）至今天之间", f"from {since} until today")
        raise Refusal(Code.BAD_TIME, field="paperOn", why=why)
    return row


def take(
    unit: Unit, actor: Actor, row: AssignmentRow, act: Act, because: str | None, paper: Paper | None
) -> None:  # fmt: skip
    """The assignment is where the body's act leads it; whether that came on paper stands on it and in its history.

    Raises:
        Refusal: OUT_OF_TURN, BAD_VALUE, CLASSIFIED.
    """
    row.paper_on = row.paper_number = row.paper_by = None
    if paper is None:
        taken.take(unit, actor, row, STATES, act, because)
        return
    row.paper_on, row.paper_by = paper.day, actor.sub
    row.paper_number = wording.optional("paperNumber", paper.number, 60)
    was, row.state = row.state, STATES.after(act, row.state)
    said = f"{row.body}{row.paper_on}来文{f'（{row.paper_number}）' if row.paper_number else ''}"
    taken.write(unit, actor, row.id, act.value + SUFFIX, was, row.state, f"{said}：{because}" if because else said)


def told_on(unit: Unit, paper: Paper | None) -> dt.datetime:
    """When the body did it: now, or on the day of its paper."""
    return unit.now if paper is None or paper.day == day_of(unit.now) else midnight(paper.day)


def proven(row: AssignmentRow) -> None:
    """Raises: Refusal PAPER_NEEDED, a reply on paper has neither a number nor the paper itself beside it."""
    if row.paper_on is not None and not row.paper_number and not row.files:
        raise Refusal(Code.PAPER_NEEDED)
