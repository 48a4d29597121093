"""What stands below an export: when, by whom, whose rows are in it, how fresh, who is missing. Pure."""

import datetime as dt

from gateway.export.columns import moment
from gateway.export.walk import Standing, Walk

STATES = {
    "FRESH": "实时", "STALE": "共享内容", "TIMEOUT": "应答超时", "UNREACHABLE": "未连接", "REFUSED": "暂不应答",
    "FAILED": "应答有误", "FORBIDDEN": "未向您的政协共享", "OUTDATED": "版本较旧",
}  # fmt: skip


def heading(now: dt.datetime, who: str) -> list[str]:
    return [f"导出时间：{moment(now)}（北京时间）", f"导出人：{who or '未登录（仅公开内容）'}"]


def of_walk(walk: Walk) -> list[str]:
    """How many rows, from whom; and each committee that was not there now and to the end."""
    told = [f"共 {walk.rows} 条"]
    if walk.is_cut:
        told.append(f"已达一次导出的上限 {walk.most} 条，其余未导出，请缩小范围")
    if walk.broken is not None:
        told.append(f"导出在第 {walk.pages + 1} 页中断：{walk.broken.zh}；以上不是全部")
    return [*told, *of_committees(list(walk.standings.values()))]


def of_committees(standings: list[Standing]) -> list[str]:
    """`12/13 已计入，其中 11 实时`, then one line for each that was not live throughout."""
    whole = [each for each in standings if each.is_in_all]
    live = sum(all(state == "FRESH" for _, state, _, _ in each.turns) for each in whole)
    told = [f"{len(whole)}/{len(standings)} 已计入，其中 {live} 实时"]
    return told + [
        f"{each.name}：{_turns(each)}"
        for each in standings if any(state != "FRESH" for _, state, _, _ in each.turns)
    ]  # fmt: skip


def _turns(standing: Standing) -> str:
    parts = []
    for page, state, since, said in standing.turns:
        word = STATES.get(state, state)
        if since is not None:
            word += f"，截至 {moment(since)}"
        if state not in ("FRESH", "STALE"):
            word = f"未计入（{said or word}）"
        parts.append(word if page == 1 else f"自第 {page} 页起{word}")
    return "；".join(parts)
