"""Whether a head of an audit log continues those that were heard before it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sync.contract.kinds import Kind

OVERDUE = dt.timedelta(hours=3)
"""A committee that told no head for so long is named: heads come hourly, and one may be late by a cut line."""


class Standing(Kind):
    """审计头衔接: how a head stood to those before it."""

    FIRST = "FIRST", "首次收到"
    CONTINUES = "CONTINUES", "衔接"
    UNCOMPARED = "UNCOMPARED", "间隔过久，未能比对"
    BROKEN = "BROKEN", "不衔接"
    UNSIGNED = "UNSIGNED", "签名不符"
    NOT_WHOLE = "NOT_WHOLE", "自报有缺失"


class BelowState(Kind):
    """下级审计状态: how the audit log of a committee below stands, by its heads."""

    OK = "OK", "正常"
    OVERDUE = "OVERDUE", "逾期未报"
    BROKEN = "BROKEN", "不衔接"
    UNSIGNED = "UNSIGNED", "签名不符"
    NOT_WHOLE = "NOT_WHOLE", "自报有缺失"
    UNCOMPARED = "UNCOMPARED", "未能比对"


class Place(NamedTuple):
    """After entry `seq` the chain was `chain`, in hex."""

    seq: int
    chain: str


def stands(new: Place, trail: Mapping[str, str], before: Sequence[Place]) -> tuple[Standing, int | None]:
    """How `new` stands to the heads heard before, newest first, and the first entry at which it contradicts one.

    `trail`: what the log, as it is now, had after earlier entries. A head that is told with a lower number than one
    before it has lost its tail; one that has another chain at the same number is another log.
    """
    if not before:
        return Standing.FIRST, None
    now = {int(seq): chain for seq, chain in trail.items() if seq.isdecimal()} | {new.seq: new.chain}
    wrong = [each.seq for each in before if now.get(each.seq, each.chain) != each.chain]
    cut = [new.seq + 1 for each in before if each.seq > new.seq]
    if wrong or cut:
        return Standing.BROKEN, min([*wrong, *cut])
    return (Standing.CONTINUES if any(each.seq in now for each in before) else Standing.UNCOMPARED), None


def is_overdue(last: dt.datetime | None, now: dt.datetime) -> bool:
    return last is None or now - last > OVERDUE
