"""Values as committees tell them, made counts: each committee's figures stand or fall by themselves.

Of copies one answer of home holds many committees' values. One of them that cannot be used must cost its owner's
figures only, or a single committee could take away everybody's.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Annotated, Any

import msgspec

from gateway.federation.answering.sources import Part
from gateway.federation.figures.counts import ONE_EACH, Count, Import, Split, by_mechanism
from sync.contract.instants import SHANGHAI, instant
from sync.contract.shapes.values import INDICATORS, MOST_IMPORTS, MOST_JOINT, IndicatorCode
from sync.contract.strangers import reading

MOST_MECHANISMS, MOST_KINDS, MOST_A_DAY = 100, 50, 10_000_000
"""In what one committee counts in one month; more is a fault of what it answers."""
_Number = Annotated[int, msgspec.Meta(ge=0, le=MOST_A_DAY)]
_Code = Annotated[str, msgspec.Meta(max_length=160)]
_Numbers = Annotated[list[_Number], msgspec.Meta(max_length=31)]
_Days = Annotated[dict[_Code, _Numbers], msgspec.Meta(max_length=MOST_KINDS)]
_Ids = Annotated[list[_Code], msgspec.Meta(max_length=MOST_JOINT)]
Members = Mapping[str, Collection[str]]
"""Mechanism → its members."""


class ValueTold(msgspec.Struct, rename="camel"):
    """One 数值 as a committee tells it; see `sync.contract.shapes.values`. What of it was done under which mechanism is
    asked for only where that is told apart.
    """

    committee_id: str
    indicator: str
    month: str
    days: _Days
    joint_ids: _Ids | None
    computed_at: str
    mechanism_days: Annotated[dict[_Code, _Days], msgspec.Meta(max_length=MOST_MECHANISMS)] | None = None
    mechanism_joint_ids: dict[_Code, _Ids] | None = None
    imported: (
        Annotated[
            dict[_Code, Annotated[dict[_Code, _Number], msgspec.Meta(max_length=MOST_KINDS)]],
            msgspec.Meta(max_length=MOST_IMPORTS),
        ]
        | None
    ) = None  # an older release does not know it


class _Owner(msgspec.Struct, rename="camel"):
    committee_id: str


_all = reading(msgspec.json.Decoder(list[ValueTold]).decode)
_each = reading(msgspec.json.Decoder(list[msgspec.Raw]).decode)
_one = reading(msgspec.json.Decoder(ValueTold).decode)
_whose = reading(msgspec.json.Decoder(_Owner).decode)


def counts_of(part: Part, members: Members) -> list[Count]:
    """What a part holds. A committee of whose values one cannot be used fails, and has no count; a part that cannot be
    read, or that speaks for somebody who is not in it, fails whole.
    """
    found, told, spoilt = list[Count](), set[Any](), set[str]()
    try:
        for owner, value in _values(bytes(part.data)):
            if owner not in part.sources:
                raise ValueError("a value in another's name")  # noqa: TRY301
            try:
                count = None if value is None else _count(value, members)
            except ValueError:
                count = None
            about = count and (owner, count.indicator, count.month)
            if count is None or about in told:
                spoilt.add(owner)
            else:
                told.add(about)
                found.append(count)
    except ValueError:
        part.fail()
        return []
    for owner in spoilt:
        part.sources[owner].fail()
    found = [count for count in found if count.committee not in spoilt]
    for count in found:
        part.sources[count.committee].rows += 1
    return found


def _values(told: bytes) -> Iterator[tuple[str, ValueTold | None]]:
    """Whose, and what; None: it is no value. Raises: ValueError, it is not even told whose."""
    try:
        yield from ((value.committee_id, value) for value in _all(told))
    except msgspec.DecodeError:
        for each in map(bytes, _each(told)):
            yield _whose(each).committee_id, _or_none(each)


def _or_none(told: bytes) -> ValueTold | None:
    try:
        return _one(told)
    except msgspec.DecodeError:
        return None


def _count(told: ValueTold, members: Members) -> Count:
    """Raises: ValueError, it cannot have been counted so."""
    _check_month(told.month)
    indicator = IndicatorCode.known(told.indicator)
    if indicator is None:
        raise ValueError("of something that was not asked")
    joint = None if told.joint_ids is None else frozenset(told.joint_ids)
    count = Count(
        told.committee_id, indicator, told.month, told.days, joint, _day_of(told.computed_at), _split(told, members),
        imports=tuple(_imports(told, indicator)),
    )  # fmt: skip
    if joint and indicator in ONE_EACH and len(joint) > sum(map(sum, told.days.values())):
        raise ValueError("more was held with others than was held")
    if count.mechanisms:
        list(by_mechanism(count))
    return count


def _imports(told: ValueTold, indicator: IndicatorCode) -> Iterator[Import]:
    """Raises: ValueError, no such total can be."""
    for days, kinds in (told.imported or {}).items():
        since, until = _span_of(days)
        if INDICATORS[indicator].is_stock or not f"{since:%Y-%m}" <= told.month <= f"{until:%Y-%m}" or since > until:
            raise ValueError("a total of other days, or of what is there")
        for kind, number in kinds.items():
            yield Import(told.committee_id, indicator, kind, since, until, number)


@lru_cache(maxsize=1_000)
def _span_of(told: str) -> tuple[dt.date, dt.date]:
    """Raises: ValueError, not YYYY-MM-DD/YYYY-MM-DD."""
    since, _, until = told.partition("/")
    return dt.date.fromisoformat(since), dt.date.fromisoformat(until)


def _split(told: ValueTold, members: Members) -> dict[str, Split] | None:
    """None also where it names a mechanism of which it is no member: what others do under it is not for it to tell."""
    if told.mechanism_days is None or any(told.committee_id not in members.get(id, ()) for id in told.mechanism_days):
        return None
    joint = told.mechanism_joint_ids
    return {
        id: Split(days, None if joint is None else frozenset(joint.get(id, ())))
        for id, days in told.mechanism_days.items()
    }


@lru_cache(maxsize=1_000)
def _check_month(told: str) -> None:
    """Raises: ValueError, not YYYY-MM."""
    dt.date.fromisoformat(f"{told}-01")


@lru_cache(maxsize=1_000)
def _day_of(told: str) -> dt.date:
    """The day of a moment in Asia/Shanghai; a committee counts all its months at once. Raises: ValueError."""
    try:
        return instant(told).astimezone(SHANGHAI).date()
    except OverflowError as error:
        raise ValueError(str(error)) from None
