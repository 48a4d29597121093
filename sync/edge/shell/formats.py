"""Figures and moments as people read them. Moments are aware inside and Asia/Shanghai here."""

import datetime as dt

from sync.contract.instants import SHANGHAI
from sync.edge.shell.words import Language

NOTHING = "—"
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_WAN = 10_000
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def number(value: float | None) -> str:
    """`12,345`; a figure that is not known is a dash, never a zero."""
    return NOTHING if value is None else f"{value:,}"


def roughly(value: int | None, language: Language) -> str:
    """As reports say it: `1.2万余`, `6800余`, rounded down; below a hundred, and where it is exact, as it is."""
    if value is None or value < 100:  # noqa: PLR2004 — small numbers are told exactly
        return number(value)
    step = _WAN // 10 if value >= _WAN else 100
    down = value // step * step
    if language == "en":
        return number(down) if down == value else f"over {down:,}"
    told = f"{down / _WAN:g}万" if down >= _WAN else str(down)
    return told if down == value else f"{told}余"


def share(part: int | None, whole: int | None) -> str:
    """`48.5%`; a dash where there is nothing to divide by."""
    return f"{part * 100 / whole:.1f}%" if part is not None and whole else NOTHING


def day(value: dt.date | str | None, today: dt.date, language: Language) -> str:
    """`12月3日`, with its year when that is not this one; what is no day is shown as it was said."""
    if value is None or isinstance(value, str):
        return value or NOTHING
    if language == "en":
        return f"{value.day} {_MONTHS[value.month - 1]}" + ("" if value.year == today.year else f" {value.year}")
    return ("" if value.year == today.year else f"{value.year}年") + f"{value.month}月{value.day}日"


def moment(value: dt.datetime | str | None, now: dt.datetime, language: Language) -> str:
    """`12月3日 08:00`, Asia/Shanghai; what is no moment is shown as it was said."""
    if value is None or isinstance(value, str):
        return value or NOTHING
    local = value.astimezone(SHANGHAI)
    return f"{day(local.date(), now.astimezone(SHANGHAI).date(), language)} {local:%H:%M}"


def span(start: dt.datetime | str, end: dt.datetime | str | None, now: dt.datetime, language: Language) -> str:
    """`12月3日 08:00–10:00`; the day of the end is told only when it is another one."""
    first = moment(start, now, language)
    if end is None:
        return first
    if isinstance(start, str) or isinstance(end, str):
        return f"{first} – {moment(end, now, language)}"
    same = start.astimezone(SHANGHAI).date() == end.astimezone(SHANGHAI).date()
    return f"{first}–{end.astimezone(SHANGHAI):%H:%M}" if same else f"{first} – {moment(end, now, language)}"


def ago(value: dt.datetime | None, now: dt.datetime, language: Language) -> str:
    """`90 分钟前`; in hours from two hours on, in days from two days on."""
    if value is None:
        return NOTHING
    passed = int((now - value).total_seconds())
    for unit, zh, en in ((_DAY, "天前", "d ago"), (_HOUR, "小时前", "h ago"), (_MINUTE, "分钟前", "min ago")):
        if passed >= (unit if unit == _MINUTE else 2 * unit):
            return f"{passed // unit} {en if language == 'en' else zh}"
    return "just now" if language == "en" else "刚刚"
