"""What our topics come to in figures, by day and source."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from sync.contract.channels import Scope
from sync.contract.shapes.topics import TopicState
from sync.contract.shapes.values import MOST_KINDS
from tenant_service.counting.rules import Tally
from tenant_service.exchange.sharing import choices
from tenant_service.topics.models import TopicRow

_NOT_TAKEN_UP = (TopicState.RETURNED, TopicState.FORWARDED, TopicState.MERGED, TopicState.SPLIT)
UNTHEMED, OTHER_THEMES = "未分专题", "其他专题"
"""Themes are the committee's own words, so what stands for none of them is a word as well."""
_UPWARD = frozenset({Scope.PARENT, Scope.PROVINCE, Scope.NATION, Scope.OPEN})


def raised(session: Session, since: dt.date, until: dt.date) -> list[Tally]:
    """Whatever was raised here; what a split made is not counted again."""
    return _daily(session, TopicRow.raised_on, since, until, TopicRow.split_from_id.is_(None))


def accepted(session: Session, since: dt.date, until: dt.date) -> list[Tally]:
    """Those of them that were accepted."""
    return _daily(session, TopicRow.accepted_on, since, until, TopicRow.split_from_id.is_(None))


def answered(session: Session, since: dt.date, until: dt.date) -> list[Tally]:
    """Topics whose answer stands, by the day on which it was signed."""
    return _daily(session, TopicRow.answered_on, since, until)


def planned(session: Session, since: dt.date, until: dt.date) -> list[Tally]:
    """Topics of each year's plan by theme, on the first of January of that year; beyond MOST_KINDS the smaller themes
    of a year are one.
    """
    wanted = select(TopicRow.year, TopicRow.theme, func.count()).where(*_of_plans(since, until))
    rows = session.execute(wanted.group_by(TopicRow.year, TopicRow.theme))
    return _by_year([(year or 0, theme or UNTHEMED, number) for year, theme, number in rows], since, until)


def planned_as_told(session: Session, since: dt.date, until: dt.date) -> list[Tally]:
    """The same as others are told it: a theme is the committee's own words, and leaves with a topic that was shared
    upward or with everybody; those that nobody shared so are together, and as many.
    """
    rows = session.execute(select(TopicRow.year, TopicRow.theme, TopicRow.shares).where(*_of_plans(since, until)))
    of_each = Counter(
        (year or 0, theme if theme and _goes_up(shares) else OTHER_THEMES if theme else UNTHEMED)
        for year, theme, shares in rows
    )
    return _by_year([(year, theme, number) for (year, theme), number in of_each.items()], since, until)


def _of_plans(since: dt.date, until: dt.date) -> list[ColumnElement[bool]]:
    is_one = TopicRow.state.not_in((TopicState.MERGED, TopicState.SPLIT))
    return [TopicRow.year.between(since.year, until.year), is_one]


def _goes_up(shares: list[str]) -> bool:
    return any(each.scope in _UPWARD for each in choices.chosen(shares))


def _by_year(found: Iterable[tuple[int, str, int]], since: dt.date, until: dt.date) -> list[Tally]:
    years: dict[int, list[tuple[str, int]]] = {}
    for year, theme, number in found:
        years.setdefault(year, []).append((theme, number))
    return [
        Tally(first, theme, None, number)
        for year, themes in sorted(years.items()) if since <= (first := dt.date(year, 1, 1)) <= until
        for theme, number in _most(themes)
    ]  # fmt: skip


def _most(themes: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """The largest first; what is too much to be told apart, together."""
    already = sum(number for theme, number in themes if theme == OTHER_THEMES)
    told = [each for each in themes if each[0] != OTHER_THEMES]
    in_order = sorted(told, key=lambda each: (-each[1], each[0]))
    rest = in_order[MOST_KINDS - 1 :]
    if len(rest) + bool(already) <= 1:
        return in_order + ([(OTHER_THEMES, already)] if already else [])
    return [*in_order[: MOST_KINDS - 1], (OTHER_THEMES, already + sum(number for _, number in rest))]


def taken_up_among(session: Session, ids: Sequence[str]) -> int:
    """How many of our topics with these ids stand as such: turned down, passed on, merged and split ones do not."""
    held = (TopicRow.id.in_(ids), TopicRow.state.not_in(_NOT_TAKEN_UP))
    return session.scalar(select(func.count()).where(*held)) or 0


def _daily(session: Session, day: Any, since: dt.date, until: dt.date, *where: Any) -> list[Tally]:
    wanted = select(day, TopicRow.source, func.count()).where(day.between(since, until), *where)
    rows = session.execute(wanted.group_by(day, TopicRow.source))
    return [Tally(on, source.value, None, number) for on, source, number in rows]
