"""What the audit pages show: how the logs of the committees below stand, and the entries of one of them. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from gateway.console.boards import Words
from sync.contract.instants import instant
from sync.edge.address import day_in
from sync.edge.shell import formats
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say

Told = dict[str, Any]
STATES = {
    "OK": say("正常"), "OVERDUE": say("逾期未报"), "BROKEN": say("不衔接"), "UNSIGNED": say("签名不符"),
    "UNCOMPARED": say("未能比对"),
    "NOT_WHOLE": say("自报有缺失"),
}  # fmt: skip
ADMINISTRATORS = {"system_admin", "security_admin", "audit_admin"}
"""Roles at home that see how the logs below stand."""
AUDITOR = "audit_admin"
"""The one that looks through them."""
MOST_WORDS = 160


def state(of: Told, words: Words) -> str:
    """How a log stands, and the entry that is wrong."""
    code = str(of["state"])
    said = words.say(STATES.get(code, code))
    return said if of["brokenAt"] is None else words.say(say("%(state)s（第 %(n)s 条起）")) % {
        "state": said, "n": of["brokenAt"],
    }  # fmt: skip


def below(told: Iterable[Told], names: Mapping[str, str], words: Words, *, may_look: bool) -> Table:
    """Every committee right below; a name leads to its log where that is left to us and the viewer may look."""
    heads = (say("政协"), say("状态"), say("最后条目"), say("最近收到"), say("委托审计"))
    rows = [
        Row(
            (
                names.get(each["committeeId"], each["committeeId"]), state(each, words), each["lastSeq"],
                _moment(each["heardAt"], words) or words.say(say("从未收到")),
                words.say(say("自 %(at)s")) % {"at": _moment(each["leftAt"], words)} if each["leftAt"] else None,
            ),
            f"/audit/{each['committeeId']}" if each["leftAt"] and may_look else None,
            "" if each["state"] == "OK" else "bad",
        )
        for each in told
    ]  # fmt: skip
    columns = tuple(Column(words.say(head), is_figure=head == heads[2]) for head in heads)
    return Table(words.say(say("下级审计")), columns, tuple(rows), say("目录中没有本会的下级政协"))


def entries(told: Iterable[Told], names: Mapping[str, str], words: Words) -> Table:
    """For the page. Who it was is an id: the log has no names, and a consent opens none."""
    heads = (say("序号"), say("时间"), say("操作"), say("操作人（编号）"), say("对象"))
    rows = [
        Row((each["seq"], _second(each, words), f"{each['area']} · {each['act']}", _who(each, names), each["subject"]))
        for each in told
    ]
    columns = tuple(Column(words.say(head), is_figure=head == heads[0]) for head in heads)
    return Table(words.say(say("审计日志")), columns, tuple(rows), say("没有符合条件的审计条目"))


def sheet(told: Iterable[Told], of: str, words: Words, notes: tuple[str, ...]) -> Table:
    """For files: each line proves itself by the chain before it, as docs/operate/audit.md says."""
    heads = (
        say("序号"), say("时间"), say("方面"), say("操作"), say("操作人所属"), say("操作人（编号）"), say("对象"),
        say("时间（UTC）"), say("事由摘要"), say("前链值"), say("链值"),
    )  # fmt: skip
    rows = [
        Row(
            (
                each["seq"], _second(each, words), each["area"], each["act"], each["iss"], each["sub"], each["subject"],
                instant(each["at"]).isoformat(), each["digest"], each["prior"], each["chain"],
            )
        )
        for each in told
    ]  # fmt: skip
    return Table(
        f"{of} {words.say(say('审计日志'))}", tuple(Column(words.say(each)) for each in heads), tuple(rows), notes=notes
    )


def wanted(asked: Mapping[str, str]) -> Told:
    """The filter that the address names. Raises: Refusal BAD_VALUE, a day that is none."""
    found: Told = {name: asked.get(name, "").strip()[:MOST_WORDS] for name in ("who", "act", "subject")}
    found |= {name: told.isoformat() for name in ("from", "to") if (told := day_in(asked, name))}
    return {name: value for name, value in found.items() if value}


def _who(each: Told, names: Mapping[str, str]) -> str:
    return " ".join(filter(None, (names.get(each["iss"], each["iss"]), each["sub"])))


def _second(each: Told, words: Words) -> str:
    """To the second: who compares two acts needs it."""
    at = instant(each["at"])
    return f"{formats.moment(at, words.now, words.language)}:{at.second:02}"


def _moment(at: str | None, words: Words) -> str | None:
    return formats.moment(instant(at), words.now, words.language) if at else None
