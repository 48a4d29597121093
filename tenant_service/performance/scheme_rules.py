"""What a scheme of points (履职积分方案) makes of a member's lines of one year. Pure: no clock, no database.

Points are whole hundredths everywhere, so that two who did the same have the same to the last digit.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from sync.contract.errors import Code, Refusal, Said
from sync.contract.kinds import Kind
from sync.contract.shapes.participations import ParticipationRole
from sync.contract.shapes.recognitions import RecognitionLevel
from tenant_service.performance.rules import Deed
from tenant_service.steps import Steps, leading, staying

HUNDRED = 100
MOST = 100_000 * HUNDRED
"""No figure of a scheme is larger."""
LEAST_SAMPLE = 3
"""No list of fewer people is ever shown, whatever a scheme says: of two, each would know the other's."""
ROLES: Mapping[str, str] = {
    each.value: each.label
    for each in (
        ParticipationRole.CHAIR, ParticipationRole.SPEAKER, ParticipationRole.WRITTEN_SPEAKER, *RecognitionLevel
    )
}  # fmt: skip
"""As what somebody did something, and on which level it was recognised: code → label; each may bring extra points."""


class SchemeState(Kind):
    """方案状态: draft → in force for its year → closed."""

    DRAFT = "DRAFT", "拟订"
    IN_FORCE = "IN_FORCE", "施行"
    CLOSED = "CLOSED", "已停用"


class SchemeAct(StrEnum):
    """What may be done with a scheme that is there, as the service's functions are named."""

    REDRAFT = "redraft"
    DISCARD = "discard"
    ENACT = "enact"
    RENEW = "renew"
    CLOSE = "close"


SCHEMES = Steps(
    {
        SchemeAct.REDRAFT: staying(SchemeState.DRAFT),
        SchemeAct.DISCARD: staying(SchemeState.DRAFT),
        SchemeAct.ENACT: leading(SchemeState.IN_FORCE, SchemeState.DRAFT),
        SchemeAct.RENEW: staying(SchemeState.IN_FORCE, SchemeState.CLOSED),
        SchemeAct.CLOSE: leading(SchemeState.CLOSED, SchemeState.IN_FORCE),
    }
)
"""What is in force is never edited: a new version is, which takes its place."""


class Grade(Kind):
    """年度等次: closed; from how many points each begins, the scheme says."""

    EXCELLENT = "EXCELLENT", "优秀"
    COMPETENT = "COMPETENT", "称职"
    BASIC = "BASIC", "基本称职"
    INCOMPETENT = "INCOMPETENT", "不称职"


class Cut(Kind):
    """不计分原因: why a line brings less than its deed is worth."""

    CAP = "CAP", "该事项已达上限"
    SAME_MATTER = "SAME_MATTER", "同一事项就高计分，不重复"
    NO_POINTS = "NO_POINTS", "方案未设分值"


@dataclass(frozen=True)
class DeedPoints:
    """What one kind of deed is worth.

    Attributes:
        each: Hundredths of a point for each line; below 0: so much is taken away.
        cap: Most that this kind of deed brings in a year; None: no limit.
        least: Whoever did it less often in the year
        short: loses so much.
    """

    deed: Deed
    each: int
    cap: int | None = None
    least: int = 0
    short: int = 0


@dataclass(frozen=True)
class RoleExtra:
    """What is added for each line with this role or level."""

    role: str
    extra: int


@dataclass(frozen=True)
class SchemeRules:
    """A scheme as data.

    Attributes:
        base: 基础分, of everybody.
        cap: 总分上限; None: none.
        is_once: Of one matter, such as a report that was adopted and instructed upon, only the best line counts.
        excellent, competent, basic: From how many points each grade begins.
        warn_below: Whoever has fewer is warned; None: nobody is.
        sample: A unit of fewer members is not listed.
        shows_place: A member is told the own place.
    """

    deeds: list[DeedPoints]
    extras: list[RoleExtra]
    excellent: int
    competent: int
    basic: int
    base: int = 0
    cap: int | None = None
    is_once: bool = True
    warn_below: int | None = None
    sample: int = 5
    shows_place: bool = False


class Line(NamedTuple):
    """One line of the ledger that stands, as far as points go by it. Lines come in the order of their days."""

    id: str
    deed: Deed
    role: str | None
    subject: str


@dataclass(frozen=True)
class Scored:
    """What one line brought; `cut`: why it is less than its deed is worth."""

    line: str
    points: int
    cut: Cut | None = None


@dataclass(frozen=True)
class Shortfall:
    """应扣: a deed was done less often than it was to be; while it may still be done, 0 points."""

    deed: Deed
    did: int
    least: int
    points: int


class Assessment(NamedTuple):
    """What a scheme makes of one member's year, explained line by line."""

    points: int
    grade: Grade
    is_warned: bool
    scored: list[Scored]
    short: list[Shortfall]
    is_capped: bool


def assess(rules: SchemeRules, lines: Sequence[Line], elapsed: int = HUNDRED) -> Assessment:
    """Base, lines as far as their caps reach, less what was to be done and was not; never below 0.

    `elapsed`: so many hundredths of the year are over. Before its end nothing is deducted that may still be done, and
    whoever has less than that part of what the scheme warns below is warned.
    """
    scored = list(_capped(rules, lines, _worth(rules, lines)))
    did = Counter(each.deed for each in lines)
    short = [
        Shortfall(each.deed, did[each.deed], each.least, each.short if elapsed >= HUNDRED else 0)
        for each in rules.deeds if each.short and did[each.deed] < each.least
    ]  # fmt: skip
    points = max(0, rules.base + sum(each.points for each in scored) - sum(each.points for each in short))
    is_capped = rules.cap is not None and points > rules.cap
    points = min(points, rules.cap) if rules.cap is not None else points
    is_warned = rules.warn_below is not None and points * HUNDRED < rules.warn_below * elapsed
    return Assessment(points, grade_of(rules, points), is_warned, scored, short, is_capped)


def grade_of(rules: SchemeRules, points: int) -> Grade:
    begins = ((rules.excellent, Grade.EXCELLENT), (rules.competent, Grade.COMPETENT), (rules.basic, Grade.BASIC))
    return next((grade for least, grade in begins if points >= least), Grade.INCOMPETENT)


def _worth(rules: SchemeRules, lines: Sequence[Line]) -> dict[str, Scored]:
    """Line → what it is worth before caps: of one matter the best alone, where the scheme says so."""
    each_of = {each.deed: each.each for each in rules.deeds}
    extra_of = {each.role: each.extra for each in rules.extras}
    found: dict[str, Scored] = {}
    best: dict[str, str] = {}
    for line in lines:
        if line.deed not in each_of:
            found[line.id] = Scored(line.id, 0, Cut.NO_POINTS)
            continue
        worth = each_of[line.deed] + (extra_of.get(line.role or "", 0) if each_of[line.deed] > 0 else 0)
        found[line.id] = Scored(line.id, worth)
        if not rules.is_once or worth < 0:
            continue
        before = best.get(line.subject)
        if before is None or found[before].points < worth:
            best[line.subject] = line.id
        loser = before if best[line.subject] == line.id else line.id
        if loser is not None:
            found[loser] = Scored(loser, 0, Cut.SAME_MATTER)
    return found


def _capped(rules: SchemeRules, lines: Sequence[Line], worth: Mapping[str, Scored]) -> Iterable[Scored]:
    caps = {each.deed: each.cap for each in rules.deeds if each.cap is not None}
    left = dict(caps)
    for line in lines:
        told = worth[line.id]
        if line.deed not in left or told.cut is not None:
            yield told
            continue
        points = max(told.points, -left[line.deed]) if told.points < 0 else min(told.points, left[line.deed])
        left[line.deed] -= abs(points)
        yield Scored(line.id, points, None if points == told.points else Cut.CAP)


def makes_sense(rules: SchemeRules) -> None:
    """Raises: Refusal BAD_VALUE."""
    if not rules.deeds:
        raise Refusal(Code.BAD_VALUE, field="points", why=Said("至少一个事项须有分值", "one deed at least has points"))
    if not rules.excellent > rules.competent > rules.basic >= 0:
        raise Refusal(
            Code.BAD_VALUE, field="excellent",
            why=Said("优秀、称职、基本称职的分数线须依次降低", "the grades begin one below the other"),
        )  # fmt: skip
    if len({each.deed for each in rules.deeds}) < len(rules.deeds):
        raise Refusal(Code.BAD_VALUE, field="points", why=Said("事项重复", "a deed stands there twice"))
    if {each.role for each in rules.extras} - ROLES.keys():
        raise Refusal(Code.BAD_VALUE, field="extras", why=Said("无此身份或层级", "no such role or level"))
    if not LEAST_SAMPLE <= rules.sample <= HUNDRED:
        raise Refusal(Code.BAD_VALUE, field="sample", why=f"{LEAST_SAMPLE}–{HUNDRED}")
    told = [rules.base, rules.cap, rules.excellent, rules.warn_below, *(each.extra for each in rules.extras)]
    for deed in rules.deeds:
        told += [abs(deed.each), deed.cap, deed.least, deed.short]
    if not all(each is None or 0 <= each <= MOST for each in told):
        raise Refusal(Code.BAD_VALUE, field="points", why=f"0–{MOST // HUNDRED}")


# ── figures as people write them ──


def shown(hundredths: int) -> str:
    """3.5 of 350; whole points without a fraction."""
    sign, number = "-" if hundredths < 0 else "", abs(hundredths)
    whole, rest = divmod(number, HUNDRED)
    return f"{sign}{whole}" + (f".{rest:02d}".rstrip("0") if rest else "")


def read(field: str, text: str) -> int | None:
    """The same, read; None where nothing is written. Raises: Refusal BAD_VALUE."""
    bare = text.strip().replace("－", "-")
    if not bare:
        return None
    whole, _, rest = bare.removeprefix("-").partition(".")
    if not whole.isdecimal() or not (rest.isdecimal() or not rest) or len(rest) > 2 or len(whole) > 6:  # noqa: PLR2004
        why = Said("须为数字，最多两位小数", "a number with two decimals at most")
        raise Refusal(Code.BAD_VALUE, field=field, why=why)
    found = int(whole) * HUNDRED + int(rest.ljust(2, "0") or 0)
    return -found if bare.startswith("-") else found


# ── places ──


def place_of(all_points: Sequence[int], points: int, sample: int) -> int | None:
    """第几名: how many have more, and one more; None among fewer than the sample."""
    if len(all_points) < max(sample, LEAST_SAMPLE):
        return None
    return sum(each > points for each in all_points) + 1


class UnitStanding(NamedTuple):
    """One unit among its like.

    Attributes:
        mean: Of the points of its members, hundredths.
        deeds: Lines that stand, of the deeds asked for.
        doing: Members with one of these at least.
    """

    name: str
    members: int
    mean: int
    excellent: int
    deeds: int
    doing: int


def standings(
    groups: Mapping[str, set[str]], points: Mapping[str, tuple[int, Grade]], deeds: Mapping[str, int], sample: int
) -> tuple[list[UnitStanding], int]:  # fmt: skip
    """Units with enough members who were assessed, the best mean first; how many are too small to be listed."""
    found, small = [], 0
    for name, persons in groups.items():
        those = [points[each] for each in persons if each in points]
        if len(those) < max(sample, LEAST_SAMPLE):
            small += bool(those)
            continue
        did = [deeds.get(each, 0) for each in persons if each in points]
        found.append(UnitStanding(
            name, len(those), round(sum(each for each, _ in those) / len(those)),
            sum(grade is Grade.EXCELLENT for _, grade in those), sum(did), sum(bool(each) for each in did),
        ))  # fmt: skip
    return sorted(found, key=lambda each: (-each.mean, each.name)), small
