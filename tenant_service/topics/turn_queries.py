"""轮到谁: whose turn it is with one of our topics, out of what is known of it."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from sync.contract.instants import day_of
from sync.contract.shapes.topics import TopicState
from tenant_service.history import taken
from tenant_service.identity.policy import Role
from tenant_service.procedures import queries as procedures
from tenant_service.topics import queries, receiving_queries, routing_queries, rules, tracking_queries, turn_rules
from tenant_service.topics.models import TopicRow
from tenant_service.topics.turn_rules import Stand, Turn


@dataclass(frozen=True)
class Turned:
    """Attributes: turn: whose it is; None: nobody's · over: what is said then · late: days by which it is overdue."""

    turn: Turn | None
    over: str
    late: int


def of_topic(session: Session, row: TopicRow, today: dt.date, days: int, *, by_name: bool = True) -> Turned:
    """`days`: within which 仍未解决 is said; `by_name`: who looks after it is named, as for the office alone."""
    found = turn_rules.turn(_stand(session, row, days, by_name=by_name), today)
    return Turned(found, turn_rules.over(row.state), found.late(today) if found else 0)


def _stand(session: Session, row: TopicRow, days: int, *, by_name: bool) -> Stand:
    steps, hands = taken.of(session, row.id), queries.hands(session, row.id)
    step = procedures.version(session, row.procedure_id).step(row.step) if row.procedure_id and row.step else None
    return Stand(
        row.state, day_of(steps[-1].at) if steps else row.raised_on,
        in_charge(session, row) if by_name else None, row.forwarded_to if by_name else None,
        receiver=receiving_queries.called(session, row.receiver_id) if by_name and row.receiver_id else None,
        is_outside=not (hands and hands[-1].unit_id), step=step.name if step else None,
        roles="、".join(role.label for each in step.roles if (role := Role.known(each))) if step else "",
        accept_by=row.accept_by, step_due=row.step_due_on, unsettled_until=_unsettled_until(session, row, days),
    )  # fmt: skip


def in_charge(session: Session, row: TopicRow) -> str | None:
    """Who looks after it, by name."""
    if row.in_charge_id is None:
        return None
    return routing_queries.called(session, [row.in_charge_id]).get(row.in_charge_id)


def _unsettled_until(session: Session, row: TopicRow, days: int) -> dt.date | None:
    """The last day on which any of its reporters may say that the answer did not settle it."""
    if row.state is not TopicState.CLOSED or row.answered_on is None:
        return None
    joined = tracking_queries.joined_on(session, queries.gathered(session, row.id))
    return rules.unsettled_until(max(row.answered_on, joined or row.answered_on), days)
