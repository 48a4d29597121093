"""What has left, who was shown what, and what is kept how long, as tables of pages."""

import datetime as dt
from collections.abc import Sequence

from sync.edge.shell.formats import moment
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.exchange.watching.left import Arrival, Departure
from tenant_service.exchange_status.channel_names import channel_name, committee_name
from tenant_service.personal_data.queries import Disclosed
from tenant_service.personal_data.retention import Standing
from tenant_service.personal_data.rules import MaskedField
from tenant_service.web.site import Visit

ACTS = {
    "personal.reveal": say("查看"), "personal.export": say("导出个人信息"), "members.export": say("导出名册"),
    "personal.erase": say("删除"),
}  # fmt: skip


def left(visit: Visit, gone: Sequence[Departure]) -> Table:
    names = (say("记录"), say("共享渠道"), say("首次发出"), say("最近发出"), say("状态"), say("接收方"))
    return _table(visit, say("流出情况"), names, [_line(visit, each) for each in gone], say("没有任何内容离开过本会"))


def disclosed(visit: Visit, found: Sequence[Disclosed]) -> Table:
    """Who was shown or took out what of one person, and what for."""
    names = (say("时间"), say("操作人"), say("操作"), say("哪一项"), say("用途"), say("事由"), say("共几条"))
    rows = [
        Row((
            _moment(visit, each.at), each.who, visit.say(ACTS[each.act]) if each.act in ACTS else each.act,
            _field(visit, each.field), visit.say(each.purpose.label) if each.purpose else None, each.reason, each.rows,
        ))
        for each in found
    ]  # fmt: skip
    return _table(visit, say("查看与导出"), names, rows, say("没有人查看或导出过"))


def retention(visit: Visit, standings: Sequence[Standing]) -> Table:
    """What is kept how long; what the last run removed, and what the next will."""
    names = (
        say("留存内容及期限"), say("上次运行"), say("当次清除"), say("上次有清除"), say("已到期"), say("下次运行"),
        say("下次清除"),
    )  # fmt: skip
    rows = [
        Row((
            visit.say(each.rule.of.said) % {"n": each.rule.number}, _moment(visit, each.ran_at),
            each.removed if each.ran_at else None, _emptied(visit, each), each.due, _moment(visit, each.next_at),
            each.due_next,
        ))
        for each in standings
    ]  # fmt: skip
    return _table(visit, say("留存与清除"), names, rows, say("没有留存规则"))


def _table(visit: Visit, caption: str, names: Sequence[str], rows: Sequence[Row], empty: str) -> Table:
    return Table(visit.say(caption), tuple(Column(visit.say(name)) for name in names), tuple(rows), empty)


def _line(visit: Visit, each: Departure) -> Row:
    readers = [_reader(visit, reader, say("未确认")) for reader in each.readers]
    ended = visit.say(say("已不能再读"))
    readers += [f"{committee_name(former.committee_id, visit.directory)}（{ended}）" for former in each.former]
    state = say("共享中") if each.is_shared else say("已撤回")
    if each.erased_at:
        state = say("已要求删除")
    return Row((
        each.record, channel_name(each.channel, visit.directory, visit.say), _moment(visit, each.first_at),
        _moment(visit, each.last_at), visit.say(state), "、".join(readers) or None,
    ))  # fmt: skip


def _reader(visit: Visit, reader: Arrival, unconfirmed: str) -> str:
    got = _moment(visit, reader.confirmed_at)
    told = f"{visit.say(say('确认于'))} {got}" if got else visit.say(unconfirmed)
    return f"{committee_name(reader.committee_id, visit.directory)}（{told}）"


def _emptied(visit: Visit, each: Standing) -> str | None:
    at = _moment(visit, each.emptied_at)
    return f"{at} · {each.emptied}" if at else None


def _field(visit: Visit, field: str | None) -> str | None:
    known = MaskedField.known(field) if field else None
    return visit.say(known.label) if known else field


def _moment(visit: Visit, value: dt.datetime | None) -> str | None:
    return moment(value, visit.unit.now, visit.here.language) if value else None
