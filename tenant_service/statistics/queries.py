"""Every read of this room: what our rows come to, and what others last told us."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.contract.ids import Id, record_id
from sync.contract.instants import day_of
from sync.contract.shapes.values import INDICATORS, MOST_JOINT, MOST_MECHANISMS, IndicatorCode, ValueRecord
from tenant_service.counting.figures import Counting, Flow, Stock
from tenant_service.counting.rules import Joint, Tally
from tenant_service.statistics import opening_queries as openings
from tenant_service.statistics import rules
from tenant_service.statistics.models import SeenValueRow, ValueRow
from tenant_service.statistics.opening_rules import by_month
from tenant_service.storage.unit_of_work import Unit

_TOLD = [each.name for each in fields(ValueRecord)]
EVER = dt.date(1900, 1, 1), dt.date(2999, 12, 31)
"""Every flow that anybody entered lies in it; a stock begins with its own first day, within STOCK_MONTHS of today."""


def counted(
    unit: Unit, counting: Counting, wanted: Iterable[IndicatorCode], since: dt.date, until: dt.date
) -> list[ValueRecord]:
    """What our rows come to now, as others are told it: a value for each indicator and month from `since` to `until`
    that has anything.

    A stock of months that are counted no more is what was told of it last, here as with those who were told.
    """
    found: list[ValueRecord] = []
    watermark = _watermark(counting.newest_change(unit.session))
    for code in wanted:
        for of in _months_of(unit, counting, code, since, until):
            is_listed, is_apart = len(of.joint) <= MOST_JOINT, len(of.mechanisms or ()) <= MOST_MECHANISMS
            found.append(
                ValueRecord(
                    id=record_id(unit.committee, "value", rules.value_key(code, of.month)),
                    committee_id=Id(unit.committee), indicator=code, month=of.month, days=of.days,
                    joint_ids=sorted(of.joint) if is_listed else None,
                    mechanism_days=of.mechanisms if is_apart else None,
                    mechanism_joint_ids=_joint_by_mechanism(of.joint) if is_listed and is_apart else None,
                    watermark=watermark, computed_at=unit.now, imported=of.imported,
                )
            )  # fmt: skip
        if INDICATORS[code].is_stock:
            found += _settled(unit, code, since, until)
    return found


def told(
    session: Session, owners: Sequence[str], wanted: Iterable[IndicatorCode], since: dt.date, until: dt.date
) -> list[ValueRecord]:
    """What these committees last told us of those months."""
    # Columns, not rows: of a nation they are tens of thousands, and nobody changes them.
    rows = select(*(getattr(SeenValueRow, name) for name in _TOLD)).where(
        SeenValueRow.committee_id.in_(owners), SeenValueRow.indicator.in_(list(wanted)),
        SeenValueRow.month.between(rules.month_of(since), rules.month_of(until)),
    )  # fmt: skip
    ordered = rows.order_by(SeenValueRow.committee_id, SeenValueRow.indicator, SeenValueRow.month)
    return [ValueRecord(**dict(zip(_TOLD, row, strict=True))) for row in session.execute(ordered)]


def reported(session: Session, owners: Sequence[str]) -> dict[str, list[str]]:
    """Owner → codes of the indicators of which it ever told us a figure."""
    wanted = select(SeenValueRow.committee_id, SeenValueRow.indicator).where(SeenValueRow.committee_id.in_(owners))
    found: dict[str, list[str]] = {}
    for owner, code in session.execute(wanted.distinct().order_by(SeenValueRow.committee_id, SeenValueRow.indicator)):
        found.setdefault(owner, []).append(code.value)
    return found


def published(session: Session) -> dict[str, ValueRow]:
    """By id, what we last told others."""
    return {row.id: row for row in session.scalars(select(ValueRow))}


@dataclass(frozen=True)
class Counted:
    """One month of an indicator.

    Attributes:
        month: YYYY-MM.
        days: Kind → a number per day.
        mechanisms: Mechanism → the part of `days` done under it.
        joint: Joint rows among them, by id: the mechanism under which each was held.
        imported: Totals from before the platform that touch it; see `ValueRecord.imported`.
    """

    month: str
    days: dict[str, list[int]]
    mechanisms: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    joint: dict[Id, str | None] = field(default_factory=dict)
    imported: dict[str, dict[str, int]] | None = None


def _months_of(unit: Unit, counting: Counting, code: IndicatorCode, since: dt.date, until: dt.date) -> list[Counted]:
    if code in counting.stocks:
        return _stock(unit, counting.stocks[code], since, until)
    first, last = rules.first_day(rules.month_of(since)), _month_end(until)
    found = _flow(unit, counting.flows[code], first, last)
    imported = by_month(openings.parts(unit, counting, code, first, last))
    if not imported:
        return found
    months = {each.month: each for each in found}
    for month, told in imported.items():
        if rules.month_of(first) <= month <= rules.month_of(last):
            months[month] = replace(months.get(month) or Counted(month, {}), imported=told)
    return [months[month] for month in sorted(months)]


def _flow(unit: Unit, of: Flow, first: dt.date, last: dt.date) -> list[Counted]:
    rows = (of.told or of.daily)(unit.session, first, last)
    joint: list[Joint] = of.joint(unit.session, unit.committee, first, last) if of.joint else []
    rows += [Tally(each.day, each.kind, each.mechanism, 1) for each in joint if each.owner != unit.committee]
    found: list[Counted] = []
    for month, of_month in sorted(rules.by_month(rows).items()):
        held = {Id(each.id): each.mechanism for each in joint if rules.month_of(each.day) == month}
        found.append(Counted(month, rules.flow(of_month, month), rules.by_mechanism(of_month, month), held))
    return found


def _joint_by_mechanism(joint: dict[Id, str | None]) -> dict[str, list[Id]]:
    found: dict[str, list[Id]] = {}
    for id, under in sorted(joint.items()):
        if under:
            found.setdefault(under, []).append(id)
    return found


def _stock(unit: Unit, of: Stock, since: dt.date, until: dt.date) -> list[Counted]:
    today = day_of(unit.now)
    earliest = rules.first_day(rules.oldest_stock(today))
    months = list(rules.months(max(since, earliest), min(until, today)))
    if not months:
        return []
    spans = of.spans(unit.session, rules.first_day(months[0]), rules.last_day(months[-1]))
    found: list[Counted] = []
    for month in months:
        days = rules.stock(spans, month, today)
        if days:
            found.append(Counted(month, days))  # what stands there stands under no mechanism
    return found


def _settled(unit: Unit, code: IndicatorCode, since: dt.date, until: dt.date) -> list[ValueRecord]:
    """Months of a stock before those that are counted anew, as they were told last."""
    earliest = rules.oldest_stock(day_of(unit.now))
    rows = select(ValueRow).where(
        ValueRow.indicator == code, ValueRow.month < earliest,
        ValueRow.month.between(rules.month_of(since), rules.month_of(until)),
    )  # fmt: skip
    return [row.record() for row in unit.session.scalars(rows.order_by(ValueRow.month))]


def _month_end(day: dt.date) -> dt.date:
    return rules.last_day(rules.month_of(day))


def _watermark(newest: dt.datetime | None) -> int:
    """Milliseconds since 1970 of the newest change that is counted."""
    return int(newest.timestamp() * 1000) if newest else 0
