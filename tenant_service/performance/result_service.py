"""年度履职结果: computed by the office, published and made final by whoever signs. One function, one use case."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import delete, select

from sync.contract.errors import Code, Refusal, Said
from sync.contract.instants import day_of
from tenant_service.history import taken
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.notifications import queries as told
from tenant_service.notifications import service as notifications
from tenant_service.notifications.rules import NotificationKind
from tenant_service.performance import result_queries as queries
from tenant_service.performance import result_rules as rules
from tenant_service.performance import scheme_queries as schemes
from tenant_service.performance.models import MemberResultRow, ResultRow, SchemeRow
from tenant_service.performance.result_rules import RESULTS, ResultAct, ResultState
from tenant_service.performance.scheme_rules import Assessment, shown
from tenant_service.services import People
from tenant_service.signing import acts as signing
from tenant_service.storage.unit_of_work import Unit

_SIGNS = UseCase.SIGN_OFF_PERFORMANCE


def compute(unit: Unit, actor: Actor, people: People, year: int) -> ResultRow:
    """测算: everybody who has a seat at the end of the year is assessed by the scheme in force; computed again until it
    is published.

    Raises:
        Refusal: FORBIDDEN, OUT_OF_TURN; BAD_VALUE, there is no scheme for that year, or it is to come.
    """
    actor.require(UseCase.KEEP_LEDGER)
    scheme = schemes.in_force(unit.session, year)
    if scheme is None or year > day_of(unit.now).year:
        raise Refusal(Code.BAD_VALUE, field="year", why=Said("该年度没有施行的方案", "no scheme is in force for it"))
    row = queries.of_year(unit.session, year)
    if row is None:
        row = ResultRow(
            id=unit.new_id("yearly_result"), year=year, scheme_id=scheme.id, state=ResultState.COMPUTED,
            computed_at=unit.now, computed_by=actor.sub, published_at=None, until=None, final_at=None,
        )  # fmt: skip
        unit.session.add(row)
        unit.session.flush()
        taken.write(unit, actor, row.id, ResultAct.COMPUTE.value, None, row.state)
    else:
        taken.take(unit, actor, row, RESULTS, ResultAct.COMPUTE)
    row.scheme_id, row.computed_at, row.computed_by = scheme.id, unit.now, actor.sub
    _freeze(unit, row, _now(unit, people, row, scheme))
    audit.note(unit, actor, "yearly_result.compute", row.id)
    return row


def publish(unit: Unit, actor: Actor, people: People, id: str, until: dt.date, *, unclassified: bool) -> ResultRow:
    """公示: each member reads the own result, and may object until that day.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, BAD_TIME, SECRECY_UNCONFIRMED, OWN_DRAFT; STALE_VERSION, the ledger
            or the scheme is another one since it was computed: it is to be computed again and looked through.
    """
    actor.require(_SIGNS)
    row = queries.locked(unit.session, id)
    rules.period(day_of(unit.now), until)
    signing.sign(unit, actor, id, _SIGNS, row.computed_by, unclassified=unclassified)
    taken.take(unit, actor, row, RESULTS, ResultAct.PUBLISH)
    scheme = schemes.in_force(unit.session, row.year)
    frozen = {each.person_id: each for each in _members(unit, id)}
    if scheme is None or scheme.id != row.scheme_id or not _is_same(frozen, _now(unit, people, row, scheme)):
        raise Refusal(Code.STALE_VERSION)
    row.published_at, row.until = unit.now, until
    _tell(unit, actor, row, frozen, f"{row.year}年度履职结果公示", f"公示至{until.isoformat()}，有异议请在此前提出。")
    audit.note(unit, actor, "yearly_result.publish", id)
    return row


def finalize(unit: Unit, actor: Actor, id: str) -> ResultRow:
    """定稿: the time for objections is over, and each was answered; nothing changes any more.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, BAD_TIME; OUT_OF_TURN, also while an objection is open.
    """
    actor.require(_SIGNS)
    row = queries.locked(unit.session, id)
    rules.is_over(day_of(unit.now), row.until)
    if queries.open_objections(unit.session, id):
        raise Refusal(Code.OUT_OF_TURN, now=Said("尚有异议待答复", "an objection is open"))
    taken.take(unit, actor, row, RESULTS, ResultAct.FINALIZE)
    row.final_at = unit.now
    _tell(unit, actor, row, {each.person_id for each in _members(unit, id)}, f"{row.year}年度履职结果定稿", "")
    audit.note(unit, actor, "yearly_result.finalize", id)
    return row


def warn(unit: Unit, actor: Actor, people: People, year: int) -> int:
    """预警: each member who is below the warning line now is told so, with the own points; how many. Once a day.

    Raises:
        Refusal: FORBIDDEN; BAD_VALUE, no scheme is in force for that year; ALREADY_DONE, today.
    """
    actor.require(UseCase.KEEP_LEDGER)
    today, scheme = day_of(unit.now), schemes.in_force(unit.session, year)
    if scheme is None:
        raise Refusal(Code.BAD_VALUE, field="year", why=Said("该年度没有施行的方案", "no scheme is in force for it"))
    before = told.last_told(unit.session, scheme.id, NotificationKind.PERFORMANCE)
    if before is not None and day_of(before) == today:
        raise Refusal(Code.ALREADY_DONE)
    seated = people.seated(unit.session, queries.last_day(year, unit.now))
    elapsed = queries.elapsed_of(year, today)
    found = queries.assessed(unit.session, scheme.rules, year, seated, elapsed)
    warned = {person: each for person, each in found.items() if each.is_warned}
    for person, each in warned.items():
        text = f"截至{today.isoformat()}，您的履职积分为{shown(each.points)}分，低于预警线，请查看积分明细。"
        kind = NotificationKind.PERFORMANCE
        notifications.tell(unit, [person], kind, scheme.id, f"{year}年履职预警", text, by=actor)
    audit.note(unit, actor, "scheme.warn", scheme.id)
    return len(warned)


def _now(unit: Unit, people: People, row: ResultRow, scheme: SchemeRow) -> dict[str, Assessment]:
    seated = people.seated(unit.session, queries.last_day(row.year, row.computed_at))
    return queries.assessed(unit.session, scheme.rules, row.year, seated)


def _members(unit: Unit, id: str) -> Sequence[MemberResultRow]:
    return unit.session.scalars(select(MemberResultRow).where(MemberResultRow.result_id == id)).all()


def _freeze(unit: Unit, row: ResultRow, found: dict[str, Assessment]) -> None:
    unit.session.execute(delete(MemberResultRow).where(MemberResultRow.result_id == row.id))
    for person, each in found.items():
        unit.session.add(MemberResultRow(
            result_id=row.id, person_id=person, points=each.points, grade=each.grade, is_warned=each.is_warned,
            is_capped=each.is_capped, scored=each.scored, short=each.short, first_points=None, first_grade=None,
        ))  # fmt: skip
    unit.session.flush()


def _is_same(frozen: dict[str, MemberResultRow], now: dict[str, Assessment]) -> bool:
    return frozen.keys() == now.keys() and all(
        (row.points, row.grade, row.scored) == (now[person].points, now[person].grade, now[person].scored)
        for person, row in frozen.items()
    )


def _tell(
    unit: Unit, actor: Actor, row: ResultRow, persons: Sequence[str] | set[str] | dict[str, MemberResultRow],
    title: str, text: str,
) -> None:  # fmt: skip
    notifications.tell(unit, persons, NotificationKind.PERFORMANCE, row.id, title, text, by=actor)
