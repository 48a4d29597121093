"""What stands below an export: when, by whom, whose rows are in it, how fresh, who is missing. Pure."""

import datetime as dt
from typing import Any

import msgspec

from gateway.export.asking import Wanted
from gateway.export.columns import moment
from gateway.export.walk import Course, Walk
from gateway.federation.answering.reply import STATES
from gateway.federation.figures.statistics import window_of
from gateway.freshness import freshness
from sync.contract.instants import day

_THERE = {"FRESH": "实时", "STALE": "共享内容"}


def heading(now: dt.datetime, who: str, asked: Wanted) -> list[str]:
    """When, by whom, and by which conditions, as the link names them."""
    told = [f"导出时间：{moment(now)}（北京时间）", f"导出人：{who or '未登录（仅公开内容）'}"]
    said = [f"{name}={_as_said(each)}" for name, each in asked.variables.items()]
    return [*told, f"条件：{'；'.join(said) or '无'}"]


def of_window(asked: Wanted, now: dt.datetime) -> str:
    """The days that figures are about, where the link does not say them as well."""
    window = window_of({name: day(said) for name in ("from", "to") if (said := asked.variables.get(name))}, now)
    return f"统计期间：{window.since} 至 {window.until}（含首尾两日）"


def _as_said(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def of_walk(walk: Walk) -> list[str]:
    """How many rows, from whom; and each committee that was not there now and to the end."""
    told = [_how_many(walk)]
    if walk.is_cut:
        told.append(f"已达一次导出的上限 {walk.most} 条，其余未导出，请缩小范围")
    if walk.broken is not None:
        told.append(f"导出在第 {walk.pages + 1} 页中断：{walk.broken.zh}；以上不是全部")
    return [*told, *of_committees(list(walk.courses.values()))]


def _how_many(walk: Walk) -> str:
    """`共 160 条`, or of how many these are a part, where that is known."""
    if not walk.is_part:
        return f"共 {walk.rows} 条"
    total = f"，共 {walk.total} 条" if walk.total is not None and walk.total >= walk.rows else ""
    return f"已导出 {walk.rows} 条{total}"


def of_committees(courses: list[Course]) -> list[str]:
    """`12/13 已计入，其中 11 实时` or `13/13 已计入，全部实时`, then one line for each that was not live throughout."""
    whole = [each for each in courses if each.is_in_all]
    live = sum(all(state == "FRESH" for _, state, _, _ in each.turns) for each in whole)
    told = ["，".join(freshness(len(courses), live, [""] * (len(whole) - live)))]
    return told + [
        f"{each.name}：{_turns(each)}"
        for each in courses if any(state != "FRESH" for _, state, _, _ in each.turns)
    ]  # fmt: skip


def _turns(course: Course) -> str:
    parts = []
    for page, state, since, said in course.turns:
        word = _THERE.get(state) or STATES.get(state, state)
        if since is not None:
            word += f"，截至 {moment(since)}"
        if state not in _THERE:
            word = f"未计入（{said or word}）"
        parts.append(word if page == 1 else f"自第 {page} 页起{word}")
    return "；".join(parts)
