"""What 催办 says, and of what the service reminds by itself. Pure: no clock, no database, no network."""

import datetime as dt
from typing import NamedTuple

from sync.contract.kinds import Kind

WORDS = "请贵单位抓紧办理“〔事项〕”（办理期限〔期限〕〔逾期〕），并及时回复。"
"""The template that the form begins with; what stands in 〔〕 is filled in for each assignment."""
MOST_AT_ONCE = 100
"""Assignments that are urged together."""


class ReminderKind(Kind):
    """催办与提醒: closed."""

    URGED = "URGED", "催办"
    AHEAD = "AHEAD", "到期前提醒"
    OVERDUE = "OVERDUE", "逾期提醒"


class About(NamedTuple):
    """What one assignment is about, when it is due, and how many days late it is."""

    item: str
    due: dt.date
    days_late: int


def filled(words: str, about: About) -> str:
    """The template for one assignment."""
    late = f"，已逾期{about.days_late}天" if about.days_late > 0 else ""
    told = {"〔事项〕": about.item, "〔期限〕": str(about.due), "〔逾期〕": late}
    for place, text in told.items():
        words = words.replace(place, text)
    return words


def told_by_itself(about: About) -> str:
    """What the service says before the last day, and after it."""
    if about.days_late > 0:
        return f"“{about.item}”已于{about.due}到期，尚未回复。"
    return f"“{about.item}”将于{about.due}到期，请及时回复。"
