"""The tables of the exchange page, as it shows them and as files tell them."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sync.contract.channels import parts_of
from sync.edge.shell import formats
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.exchange.watching.confirmed import ReaderStatus, ToldStatus
from tenant_service.exchange.watching.dead_letters import Letter
from tenant_service.exchange.watching.freshness import LogStatus
from tenant_service.exchange_status.channel_names import channel_name, committee_name, log_name
from tenant_service.exchange_status.queries import Overview
from tenant_service.exchange_status.words import ALARMS, STATES, TROUBLES
from tenant_service.web.site import Visit

MOST_ROWS = 300
"""Lines of a table on the page; what is wrong comes first, and files have all."""
_NAMED = 6
"""Readers who have not confirmed that are named in one line."""


@dataclass(frozen=True)
class Tables:
    """Makes them for one visitor."""

    visit: Visit
    seen: Overview

    def of(self, name: str) -> Table | None:
        """The table that is exported under this name."""
        made: dict[str, Callable[[], Table]] = {
            "received": self.received, "told": self.told, "readers": self.readers, "dead-letters": self.letters,
            "alarms": self.alarms, "lives": self.lives,
        }  # fmt: skip
        return made[name]() if name in made else None

    def received(self) -> Table:
        figures = {say("已接收"), say("应接收"), say("请求补发"), say("隔离"), say("无法显示")}
        heads = (
            say("政协"), say("共享渠道"), say("状态"), say("已接收"), say("应接收"), say("收齐至"), say("异常"),
            say("自"), say("请求补发"), say("隔离"), say("无法显示"),
        )  # fmt: skip
        rows = tuple(map(self._received, sorted(self.seen.received, key=lambda log: (_is_fine(log), log.owner))))
        return Table(self.say(say("接收")), self._columns(heads, figures), rows, say("尚未接收其他政协的共享"))

    def _received(self, log: LogStatus) -> Row:
        trouble = self.say(TROUBLES.get(log.trouble, log.trouble))
        cells = (
            committee_name(log.owner, self.visit.directory), self.channel(log.channel), self.say(STATES[log.state]),
            log.applied_seq, log.head_seq, self.moment(log.as_of), trouble,
            self.moment(log.trouble_since if log.is_followed else log.since), log.naks, log.quarantined,
            log.dead_letters,
        )  # fmt: skip
        return Row(cells, look="" if log.is_followed else "away")

    def told(self) -> Table:
        figures = {say("本会已发"), say("枢纽已收"), say("已送达")}
        heads = (
            say("共享渠道"), say("本会已发"), say("枢纽已收"), say("枢纽查看时间"), say("已送达"), say("未确认")
        )  # fmt: skip
        rows = tuple(self._told(each) for each in sorted(self.seen.told, key=lambda log: log.is_whole))
        return Table(self.say(say("送达")), self._columns(heads, figures), rows, say("本会尚未共享任何内容"))

    def _told(self, log: ToldStatus) -> Row:
        share = f"{log.confirmed}/{len(log.readers)}"
        cells = (
            self.channel(log.channel), log.seq, log.hub_seq, self.moment(log.hub_as_of), share,
            self.missing(log.readers),
        )  # fmt: skip
        return Row(cells)

    def missing(self, readers: Iterable[ReaderStatus]) -> str:
        """`余杭（截至 4月1日 10:00）、上城（从未确认）`: who has not confirmed everything."""
        late = [each for each in readers if each.behind]
        named = "、".join(f"{self.name(each)}（{self.until(each)}）" for each in late[:_NAMED])
        return named + (f" … +{len(late) - _NAMED}" if len(late) > _NAMED else "")

    def name(self, reader: ReaderStatus) -> str:
        return committee_name(reader.committee_id, self.visit.directory)

    def until(self, reader: ReaderStatus) -> str:
        if reader.as_of is None:
            return self.say(say("从未确认"))
        return f"{self.say(say('截至'))} {self.moment(reader.as_of)}"

    def readers(self) -> Table:
        figures = {say("本会已发"), say("已确认至"), say("相差")}
        heads = (say("政协"), say("共享渠道"), say("本会已发"), say("已确认至"), say("相差"), say("确认时间"))
        rows = tuple(
            Row((self.name(each), self.channel(log.channel), log.seq, each.seq, each.behind, self.moment(each.as_of)))
            for log in self.seen.told for each in log.readers
        )  # fmt: skip
        return Table(self.say(say("逐家送达")), self._columns(heads, figures), rows, say("本会尚未共享任何内容"))

    def letters(self) -> Table:
        heads = (say("政协"), say("共享渠道"), say("序号"), say("记录"), say("原因"), say("时间"))
        rows = tuple(Row((*self.letter(each),)) for each in self.seen.letters)
        return Table(self.say(say("死信")), self._columns(heads, {say("序号")}), rows, say("没有死信"))

    def letter(self, each: Letter) -> tuple[str, str, int, str, str, str]:
        owner, channel = parts_of(each.place.log)
        return (
            committee_name(owner, self.visit.directory), self.channel(channel), each.place.seq, each.record, each.error,
            self.moment(each.at),
        )  # fmt: skip

    def alarms(self) -> Table:
        heads = (
            say("日志"), say("告警"), say("说明"), say("次数"), say("首次"), say("最近"), say("已知悉"), say("知悉人")
        )  # fmt: skip
        rows = tuple(
            Row((
                self.log(each.log), self.alarm(each.code), each.text, each.times, self.moment(each.first_at),
                self.moment(each.last_at), self.moment(each.known_at), each.known_by,
            )) for each in self.seen.alarms
        )  # fmt: skip
        return Table(self.say(say("告警")), self._columns(heads, {say("次数")}), rows, say("没有告警"))

    def lives(self) -> Table:
        heads = (say("时间"), say("日志"), say("见到的位置"), say("找回条数"))
        rows = tuple(
            Row((self.moment(each.at), self.log(each.log), f"{each.epoch}/{each.seq}", each.salvaged))
            for each in self.seen.left
        )
        return Table(
            self.say(say("数据库恢复记录")), self._columns(heads, {say("找回条数")}), rows, say("数据库未曾从备份恢复")
        )

    # ── words ──

    def say(self, text: str) -> str:
        return self.visit.say(text)

    def channel(self, channel: str) -> str:
        return channel_name(channel, self.visit.directory, self.visit.say)

    def log(self, log: str) -> str:
        return log_name(log, self.visit.directory, self.visit.say)

    def alarm(self, code: str) -> str:
        return self.say(ALARMS.get(code, code))

    def moment(self, value: dt.datetime | None) -> str:
        return formats.moment(value, self.seen.at, self.visit.here.language)

    def _columns(self, heads: Iterable[str], figures: set[str]) -> tuple[Column, ...]:
        return tuple(Column(self.say(each), is_figure=each in figures) for each in heads)


def _is_fine(log: LogStatus) -> bool:
    return not log.dead_letters and (log.is_whole or not log.is_followed)
