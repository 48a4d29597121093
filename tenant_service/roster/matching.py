"""Whom a roster's entry means, and what taking it would change. Pure.

An entry is matched by roster number, or by name and birth month; where that could mean two people, it is an error and
not a guess. What the roster leaves empty stays as it is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tenant_service.members.plans import About, Held, Known, Plan, Seat, told
from tenant_service.roster.reading import Entry
from tenant_service.spreadsheets.rules import Outcome


@dataclass(frozen=True)
class Finding:
    """What the preview says of one entry."""

    verdict: Outcome
    plan: Plan = field(default_factory=Plan)
    known: Known | None = None
    reason: str | None = None


def finding(entry: Entry, candidates: Sequence[Known]) -> Finding:
    """`candidates`: everybody with the entry's roster number or its name."""
    if entry.problem:
        return Finding(Outcome.ERROR, reason=entry.problem)
    meant, doubt = _meant(entry.about, candidates)
    if doubt:
        return Finding(Outcome.ERROR, reason=doubt)
    if meant is None:
        return Finding(Outcome.NEW, _everything(entry))
    plan = _changes(entry, meant)
    verdict = Outcome.UPDATED if plan.about or plan.has_seat or plan.units else Outcome.UNCHANGED
    return Finding(verdict, plan, meant)


def _meant(about: About, candidates: Sequence[Known]) -> tuple[Known | None, str | None]:
    """Who it is, or why that is in doubt; neither: somebody new."""
    for each in candidates:
        if about.roster_no and each.about.roster_no == about.roster_no:
            return _of_number(each, about)
    namesakes = [each for each in candidates if each.about.name == about.name and not _apart(each.about, about)]
    same = [each for each in namesakes if each.about.birth_month == about.birth_month]
    if len(same) > 1:
        return None, "在册有多名同名者，请填写编号或出生年月"
    if same:
        return _unless_numbered(same[0], about)
    if any((each.about.birth_month is None) != (about.birth_month is None) for each in namesakes):
        return None, "在册有同名者，无法判断是否同一人，请补全编号或出生年月"
    return None, None


def _of_number(found: Known, about: About) -> tuple[Known | None, str | None]:
    """Whoever has the number, unless name and birth month both say that it is somebody else."""
    if found.has_left:
        return None, f"编号{about.roster_no}属于已离开的“{found.about.name}”"
    same_birth = about.birth_month is not None and found.about.birth_month == about.birth_month
    if found.about.name != about.name and not same_birth:
        return None, f"编号{about.roster_no}在册为“{found.about.name}”，与本行姓名、出生年月都不符"
    return found, None


def _unless_numbered(found: Known, about: About) -> tuple[Known | None, str | None]:
    if about.roster_no and found.about.roster_no:
        return None, f"在册同名同出生年月者编号为{found.about.roster_no}，与本行不符"
    return found, None


def _apart(one: About, other: About) -> bool:
    """Two numbers and no birth months to hold against it: two people."""
    both = bool(one.roster_no and other.roster_no and one.roster_no != other.roster_no)
    return both and (one.birth_month is None or other.birth_month is None)


def _everything(entry: Entry) -> Plan:
    return Plan(about=told(entry.about), seat=told(entry.seat), has_seat=True, units=entry.units)


def _changes(entry: Entry, known: Known) -> Plan:
    have = told(known.about)
    about = {name: value for name, value in told(entry.about).items() if have.get(name) != value}
    units = [each for each in entry.units if each not in known.units]
    wanted, held = told(entry.seat), _seat_meant(entry.seat, known.seats)
    if held is None:
        return Plan(about=about, seat=wanted, has_seat=True, units=units)
    is_now = told(held.seat)
    seat = {name: value for name, value in wanted.items() if is_now.get(name) != value}
    return Plan(about=about, seat=seat, seat_id=held.id if seat else None, has_seat=bool(seat), units=units)


def _seat_meant(seat: Seat, held: Sequence[Held]) -> Held | None:
    """The seat of the same term; without a term, the latest; one whose term is unknown may be of any."""
    if seat.term is None:
        return held[-1] if held else None
    same = [each for each in held if each.seat.term == seat.term]
    unknown = [each for each in held if each.seat.term is None]
    return next(iter([*same, *unknown]), None)
