"""Types and inputs of this room's GraphQL beside the ledger: schemes, results, objections. Points are decimal here."""

import datetime as dt

import strawberry

from sync.contract.errors import Code, Refusal
from sync.contract.ids import Id
from sync.contract.shapes.members import UnitKind
from sync.contract.visibility import Visible, visible
from tenant_service.graph.context import Info
from tenant_service.graph.types import contract_enum, shown
from tenant_service.performance import result_queries as results
from tenant_service.performance.models import MemberResultRow, ObjectionRow, ResultRow, SchemeRow
from tenant_service.performance.result_rules import ObjectionState, ResultState
from tenant_service.performance.rules import Deed
from tenant_service.performance.scheme_rules import (
    HUNDRED,
    MOST,
    Assessment,
    Cut,
    DeedPoints,
    Grade,
    RoleExtra,
    SchemeRules,
    SchemeState,
    Scored,
    Shortfall,
    UnitStanding,
)
from tenant_service.performance.scheme_service import SchemeDraft

SUBJECT, TENANT = Visible.SUBJECT, Visible.TENANT
for each in (Deed, UnitKind, SchemeState, Grade, Cut, ResultState, ObjectionState):
    contract_enum(each)


@strawberry.type(description="What one kind of deed is worth in a scheme.")
class DeedWorth:
    deed: Deed = visible(TENANT, "Kind of deed.")
    each: float = visible(TENANT, "Points for each line; below 0: so much is taken away.")
    cap: float | None = visible(TENANT, "Most that it brings in a year; null: no limit.")
    least: int = visible(TENANT, "Whoever did it less often in the year loses `short`.")
    short: float = visible(TENANT, "Points lost by whoever did it less often.")


@strawberry.type(description="What is added for each line with this role, or on this level.")
class RoleWorth:
    role: str = visible(TENANT, "Code of a role at activities or of a level of recognition.")
    extra: float = visible(TENANT, "Points that are added.")


@strawberry.type(description="履职积分方案: one version, as data.")
class Scheme:
    id: Id = visible(TENANT, "Its id.")
    year: int = visible(TENANT, "For which year it is.")
    version: int = visible(TENANT, "Of that year, from 1.")
    name: str = visible(TENANT, "What it is called.")
    state: SchemeState = visible(TENANT, "Where it stands.")
    note: str | None = visible(TENANT, "What its source says, and what it leaves open.")
    origin_id: Id | None = visible(TENANT, "The scheme that it was made of; null: none of ours.")
    deeds: list[DeedWorth] = visible(TENANT, "What each kind of deed is worth.")
    extras: list[RoleWorth] = visible(TENANT, "What roles and levels add.")
    base: float = visible(TENANT, "基础分, of everybody.")
    cap: float | None = visible(TENANT, "总分上限; null: none.")
    is_once: bool = visible(TENANT, "Of one matter only the best line counts.")
    excellent: float = visible(TENANT, "优秀 begins here.")
    competent: float = visible(TENANT, "称职 begins here.")
    basic: float = visible(TENANT, "基本称职 begins here.")
    warn_below: float | None = visible(TENANT, "Whoever has fewer is warned; null: nobody is.")
    sample: int = visible(TENANT, "A unit of fewer members is not listed.")
    shows_place: bool = visible(TENANT, "A member is told the own place.")


@strawberry.input(description="What one kind of deed is to be worth.")
class DeedWorthInput:
    deed: Deed
    each: float
    cap: float | None = None
    least: int = 0
    short: float = 0


@strawberry.input(description="What a role or level is to add.")
class RoleWorthInput:
    role: str
    extra: float


@strawberry.input(description="A scheme as the office writes it; points with two decimals at most.")
class SchemeInput:
    name: str
    year: int
    deeds: list[DeedWorthInput]
    excellent: float
    competent: float
    basic: float
    extras: list[RoleWorthInput] | None = None
    base: float = 0
    cap: float | None = None
    is_once: bool = True
    warn_below: float | None = None
    sample: int = 5
    shows_place: bool = False
    note: str | None = None


@strawberry.type(description="What one line of the ledger brought.")
class ScoredLine:
    line_id: Id = visible(SUBJECT, "The line.")
    points: float = visible(SUBJECT, "What it brought.")
    cut: Cut | None = visible(SUBJECT, "Why it brought less than its deed is worth; null: it did not.")


@strawberry.type(description="A deed that was done less often than it was to be.")
class DeedShortfall:
    deed: Deed = visible(SUBJECT, "Which deed.")
    did: int = visible(SUBJECT, "How often it was done.")
    least: int = visible(SUBJECT, "How often it was to be done.")
    points: float = visible(SUBJECT, "Points lost; 0 while it may still be done.")


@strawberry.type(description="What a scheme makes of one member's year, explained line by line.")
class MemberPoints:
    person_id: Id = visible(SUBJECT, "Whose it is, by pseudonym.")
    points: float = visible(SUBJECT, "Sum.")
    grade: Grade = visible(SUBJECT, "等次.")
    is_warned: bool = visible(SUBJECT, "Fewer than the scheme warns below.")
    lines: list[ScoredLine] = visible(SUBJECT, "What each line brought, in the order of their days.")
    short: list[DeedShortfall] = visible(SUBJECT, "What was to be done and was not.")
    first_points: float | None = visible(SUBJECT, "As it was published, where it was put right since; else null.")
    first_grade: Grade | None = visible(SUBJECT, "The same of the grade.")


@strawberry.type(description="年度履职结果 of a year.")
class YearlyResult:
    id: Id = visible(TENANT, "Its id.")
    year: int = visible(TENANT, "Which year.")
    scheme_id: Id = visible(TENANT, "By which scheme.")
    state: ResultState = visible(TENANT, "Where it stands.")
    computed_at: dt.datetime = visible(TENANT, "When it was computed last.")
    published_at: dt.datetime | None = visible(TENANT, "When it was published.")
    until: dt.date | None = visible(TENANT, "Last day for objections.")
    final_at: dt.datetime | None = visible(TENANT, "When it was made final.")

    @shown(SUBJECT, "Members in it, the most points first: to the office everybody, to a member the own row.")
    def members(self, info: Info) -> list[MemberPoints]:
        rows = results.members(info.context.unit.session, info.context.actor, self.id)
        return [points_of_row(row) for row in rows]


@strawberry.type(description="One unit among its like; smaller ones than the scheme's sample are not listed.")
class UnitScore:
    name: str = visible(TENANT, "Unit or sector.")
    members: int = visible(TENANT, "How many were assessed.")
    mean: float = visible(TENANT, "Mean of their points.")
    excellent: int = visible(TENANT, "How many are 优秀.")
    deeds: int = visible(TENANT, "How often its members did the deeds asked for.")
    doing: int = visible(TENANT, "How many of them did one at least.")


@strawberry.type(description="异议 to a result, and what became of it.")
class ResultObjection:
    id: Id = visible(SUBJECT, "Its id.")
    result_id: Id = visible(SUBJECT, "To which result.")
    person_id: Id = visible(SUBJECT, "Whose, by pseudonym.")
    line_id: Id | None = visible(SUBJECT, "The line it is about; null: one is missing.")
    state: ObjectionState = visible(SUBJECT, "Where it stands.")
    text: str = visible(SUBJECT, "What is wrong.")
    at: dt.datetime = visible(SUBJECT, "When it came.")
    answer: str | None = visible(SUBJECT, "Why it was put right, or was not.")
    answered_at: dt.datetime | None = visible(SUBJECT, "When it was answered.")
    was: float | None = visible(SUBJECT, "Points before it was put right.")
    became: float | None = visible(SUBJECT, "Points after.")


# ── from rows, and from what is told ──


def scheme_of(row: SchemeRow) -> Scheme:
    rules = row.rules
    return Scheme(
        id=Id(row.id), year=row.year, version=row.version, name=row.name, state=row.state, note=row.note,
        origin_id=Id(row.origin) if row.origin else None,
        deeds=[DeedWorth(
            deed=each.deed, each=_out(each.each), cap=_maybe(each.cap), least=each.least, short=_out(each.short)
        ) for each in rules.deeds],
        extras=[RoleWorth(role=each.role, extra=_out(each.extra)) for each in rules.extras], base=_out(rules.base),
        cap=_maybe(rules.cap), is_once=rules.is_once, excellent=_out(rules.excellent),
        competent=_out(rules.competent), basic=_out(rules.basic), warn_below=_maybe(rules.warn_below),
        sample=rules.sample, shows_place=rules.shows_place,
    )  # fmt: skip


def draft_of(told: SchemeInput) -> SchemeDraft:
    deeds = [
        DeedPoints(each.deed, _in(each.each), _in_maybe(each.cap), each.least, _in(each.short)) for each in told.deeds
    ]
    extras = [RoleExtra(each.role, _in(each.extra)) for each in told.extras or []]
    return SchemeDraft(told.name, told.year, SchemeRules(
        deeds, extras, _in(told.excellent), _in(told.competent), _in(told.basic), _in(told.base), _in_maybe(told.cap),
        told.is_once, _in_maybe(told.warn_below), told.sample, told.shows_place,
    ), told.note)  # fmt: skip


def result_of(row: ResultRow) -> YearlyResult:
    return YearlyResult(
        id=Id(row.id), year=row.year, scheme_id=Id(row.scheme_id), state=row.state, computed_at=row.computed_at,
        published_at=row.published_at, until=row.until, final_at=row.final_at,
    )  # fmt: skip


def points_of(person: str, told: Assessment) -> MemberPoints:
    return MemberPoints(
        person_id=Id(person), points=_out(told.points), grade=told.grade, is_warned=told.is_warned,
        lines=[_scored(each) for each in told.scored], short=[_short(each) for each in told.short],
        first_points=None, first_grade=None,
    )  # fmt: skip


def points_of_row(row: MemberResultRow) -> MemberPoints:
    return MemberPoints(
        person_id=Id(row.person_id), points=_out(row.points), grade=row.grade, is_warned=row.is_warned,
        lines=[_scored(each) for each in row.scored], short=[_short(each) for each in row.short],
        first_points=_maybe(row.first_points), first_grade=row.first_grade,
    )  # fmt: skip


def unit_of(told: UnitStanding) -> UnitScore:
    return UnitScore(
        name=told.name, members=told.members, mean=_out(told.mean), excellent=told.excellent, deeds=told.deeds,
        doing=told.doing,
    )  # fmt: skip


def objection_of(row: ObjectionRow) -> ResultObjection:
    return ResultObjection(
        id=Id(row.id), result_id=Id(row.result_id), person_id=Id(row.person_id),
        line_id=Id(row.line_id) if row.line_id else None, state=row.state, text=row.text, at=row.at,
        answer=row.answer, answered_at=row.answered_at, was=_maybe(row.was), became=_maybe(row.became),
    )  # fmt: skip


def _scored(told: Scored) -> ScoredLine:
    return ScoredLine(line_id=Id(told.line), points=_out(told.points), cut=told.cut)


def _short(told: Shortfall) -> DeedShortfall:
    return DeedShortfall(deed=told.deed, did=told.did, least=told.least, points=_out(told.points))


def _out(hundredths: int) -> float:
    return hundredths / HUNDRED


def _maybe(hundredths: int | None) -> float | None:
    return None if hundredths is None else _out(hundredths)


def _in(points: float) -> int:
    """Raises: Refusal BAD_VALUE, more than any scheme gives, or no number."""
    if not abs(points) <= MOST / HUNDRED:
        raise Refusal(Code.BAD_VALUE, field="points", why=f"0–{MOST // HUNDRED}")
    return round(points * HUNDRED)


def _in_maybe(points: float | None) -> int | None:
    return None if points is None else _in(points)
