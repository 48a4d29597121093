"""What our activities come to in figures: by day, and those that we host with others."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Text, func, select, type_coerce
from sqlalchemy.orm import Session

from sync.contract.instants import day_of, midnight
from sync.contract.shapes.activities import ActivityKind
from sync.contract.shapes.values import IndicatorCode
from tenant_service.activities.models import ActivityRow, SeenActivityRow
from tenant_service.activities.queries import as_text
from tenant_service.activities.rules import COUNTED_STATES
from tenant_service.counting.rules import Joint, Tally
from tenant_service.signing.rules import Approval

_AT_ONCE = 1_000
"""Ids that one statement names."""
COUNTS: dict[IndicatorCode, Any] = {
    IndicatorCode.ACTIVITIES_HELD: func.count(),
    IndicatorCode.LEADER_ATTENDED: func.count().filter(ActivityRow.leader_present.is_(True)),
    IndicatorCode.MEMBER_TIMES: func.coalesce(func.sum(ActivityRow.members_present), 0),
    IndicatorCode.PUBLIC_TIMES: func.coalesce(func.sum(ActivityRow.headcount), 0),
    IndicatorCode.SUGGESTIONS: func.coalesce(func.sum(ActivityRow.suggestion_count), 0),
}
"""Indicator → what of the counted rows of a day it adds up."""


def daily(session: Session, code: IndicatorCode, since: dt.date, until: dt.date) -> list[Tally]:
    """What our own activities held from `since` to `until` inclusive come to; shared or not, all count."""
    of = ActivityRow.held_on, ActivityRow.kind, ActivityRow.mechanism_id
    grouped = select(*of, COUNTS[code]).where(*_counted(), ActivityRow.held_on.between(since, until)).group_by(*of)
    return [Tally(day, kind.value, under, int(number)) for day, kind, under, number in session.execute(grouped)]


def joint(session: Session, committee: str, since: dt.date, until: dt.date, *, led: bool = False) -> list[Joint]:
    """Activities held in that window that we host with others: our own, and those of others that name us
    a host within a mechanism. `led`: those alone that a leader attended.
    """
    found: list[Joint] = []
    models: tuple[Any, ...] = (ActivityRow, SeenActivityRow)
    for model in models:
        counted = _counted() if model is ActivityRow else _agreed(model)
        wanted = select(model).where(
            *counted, as_text(model.host_ids).contains(","),
            as_text(model.host_ids).contains(f'"{committee}"'),
            model.starts_at.between(midnight(since), midnight(until + dt.timedelta(days=1))),
        )  # fmt: skip
        for row in session.scalars(wanted):
            day = day_of(row.starts_at)
            if since <= day <= until and (row.leader_present or not led):
                found.append(Joint(row.id, row.committee_id, row.kind.value, day, row.mechanism_id))
    return found


class CameTo(NamedTuple):
    """What some activities come to: sessions held, and 人次 of members and of the public."""

    held: int
    members: int
    public: int


def came_to(session: Session, ids: Sequence[str], kind: ActivityKind | None = None) -> CameTo:
    """What those of our activities with these ids that our figures count come to; of one kind, if it is named."""
    came = CameTo(0, 0, 0)
    for begin in range(0, len(ids), _AT_ONCE):
        where = [ActivityRow.id.in_(ids[begin : begin + _AT_ONCE]), *_counted()]
        where += [ActivityRow.kind == kind] if kind else []
        codes = IndicatorCode.ACTIVITIES_HELD, IndicatorCode.MEMBER_TIMES, IndicatorCode.PUBLIC_TIMES
        found = session.execute(select(*(COUNTS[code] for code in codes)).where(*where)).one()
        came = CameTo(*(before + int(more) for before, more in zip(came, found, strict=True)))
    return came


def first_day(session: Session) -> dt.date | None:
    """The day of our first counted activity."""
    return session.scalar(select(func.min(ActivityRow.held_on)).where(*_counted()))


def _agreed(model: Any) -> list[ColumnElement[bool]]:
    """Others' activities that name us a host count here where a mechanism stands behind it, of which both are members:
    a neighbour alone does not raise our figure.
    """
    in_a_mechanism = type_coerce(model.channels, Text).contains('"m_', autoescape=True)
    is_whole = model.parent_id.is_(None)
    return [model.state.in_(COUNTED_STATES), model.mechanism_id.is_not(None), in_a_mechanism, is_whole]


def _counted() -> list[ColumnElement[bool]]:
    """What our figures count: held, and signed for; what one person enters moves no figure that others are told. A
    meeting counts once, and none of its parts.
    """
    is_whole = ActivityRow.parent_id.is_(None)
    return [ActivityRow.state.in_(COUNTED_STATES), ActivityRow.approval == Approval.SIGNED, is_whole]
