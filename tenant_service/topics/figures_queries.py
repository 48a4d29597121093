"""What our topics come to in figures, by day and source."""

import datetime as dt
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sync.contract.shapes.topics import TopicState
from sync.contract.shapes.values import MOST_KINDS
from tenant_service.counting.rules import Tally
from tenant_service.topics.models import TopicRow

UNTHEMED, OTHER_THEMES = "未分专题", "其他专题"
"""Themes are the committee's own words, so what stands for none of them is a word as well."""


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
    wanted = select(TopicRow.year, TopicRow.theme, func.count()).where(
        TopicRow.year.between(since.year, until.year), TopicRow.state.not_in((TopicState.MERGED, TopicState.SPLIT))
    )
    years: dict[int, list[tuple[str, int]]] = {}
    for year, theme, number in session.execute(wanted.group_by(TopicRow.year, TopicRow.theme)):
        years.setdefault(year or 0, []).append((theme or UNTHEMED, number))
    return [
        Tally(first, theme, None, number)
        for year, themes in sorted(years.items()) if since <= (first := dt.date(year, 1, 1)) <= until
        for theme, number in _most(themes)
    ]  # fmt: skip


def _most(themes: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """The largest first; what is too much to be told apart, together."""
    in_order = sorted(themes, key=lambda each: (-each[1], each[0]))
    rest = in_order[MOST_KINDS - 1 :]
    if len(rest) <= 1:
        return in_order
    return [*in_order[: MOST_KINDS - 1], (OTHER_THEMES, sum(number for _, number in rest))]


def _daily(session: Session, day: Any, since: dt.date, until: dt.date, *where: Any) -> list[Tally]:
    wanted = select(day, TopicRow.source, func.count()).where(day.between(since, until), *where)
    rows = session.execute(wanted.group_by(day, TopicRow.source))
    return [Tally(on, source.value, None, number) for on, source, number in rows]
