"""Every figure that docs/federation.md names, read out of the code."""

import importlib
import inspect
from typing import Any, NamedTuple

from tests.promises.blocks import table


class Figure(NamedTuple):
    """`source`: `module:name`, `module:name.attribute`, or `module:name(parameter)` for a parameter's default."""

    zh: str
    en: str
    unit: str
    source: str

    @property
    def value(self) -> Any:
        module, _, name = self.source.partition(":")
        name, _, parameter = name.rstrip(")").partition("(")
        found: Any = importlib.import_module(module)
        for each in name.split("."):
            found = getattr(found, each)
        return inspect.signature(found).parameters[parameter].default if parameter else found

    @property
    def text(self) -> str:
        """As the page writes it: `500 events`, `128 KiB`, `400 days`, `60 s`."""
        value = self.value.total_seconds() if hasattr(self.value, "total_seconds") else self.value
        if self.unit == "days":
            assert value % 86_400 == 0
            value //= 86_400
        if self.unit == "hours":
            assert value % 3_600 == 0
            value //= 3_600
        sizes = {"KiB": 1024, "MiB": 1024**2, "MB": 10**6}
        if self.unit in sizes:
            assert value % sizes[self.unit] == 0
            value //= sizes[self.unit]
        assert value == int(value)
        return f"{int(value):,} {self.unit}".replace(",", " ")


FIGURES = [
    Figure("一页的事件数", "events of a page and of one batch at the hub", "events", "sync.bus.stores:PAGE_EVENTS"),
    Figure("一页的正文", "bodies of a page", "KiB", "sync.bus.stores:PAGE_BYTES"),
    Figure("一个事件连同签名", "one event with its signature", "KiB", "sync.bus.streams:MOST_BYTES"),
    Figure("一条记录", "one record as it travels, sealed or not", "KiB", "tenant_service.exchange.outbox:MOST_DATA"),
    Figure("两次签名之间的正文", "bodies between two signatures that a reader keeps", "KiB", "sync.log:PROVEN_EVERY"),
    Figure("枢纽每个日志保留", "events of one log that the hub keeps", "events", "sync.bus.streams:MOST_EVENTS"),
    Figure("枢纽保留期", "how long the hub keeps an event", "days", "sync.bus.streams:KEPT_SECONDS"),
    Figure("每省同时打开的批次", "open batches of a province", "batches", "sync.hub.server:Place.most_open_batches"),
    Figure("每个账号的连接", "connections of one account", "connections", "sync.bus.credentials:MOST_CONNECTIONS"),
    Figure("重看枢纽", "longest time that anything about the hub is believed", "s",
           "sync.bus.subscriber:Pace.look"),
    Figure("核对日志头", "about so often an owner is asked where its log ends", "s",
           "sync.bus.subscriber:Pace.check"),
    Figure("首次补要", "until something missing is first asked for", "s", "sync.bus.subscriber:Pace.first"),
    Figure("取一页的等待", "a fetch that brings nothing is made anew after", "s", "sync.bus.subscriber:Pace.fetch"),
    Figure("等待读者找回", "patience with readers when a restored owner asks back", "s",
           "sync.bus.subscriber:Pace.patience"),
    Figure("补要的最长间隔", "longest pause between two asks while rows keep coming", "s", "sync.log:pause(longest)"),
    Figure("提前到达的事件", "events of a log that wait ahead of a gap", "events", "sync.log:STASH_LIMIT"),
    Figure("补要时可问的同读者", "fellow readers that one may ask about a log", "committees",
           "sync.bus.streams:MOST_FELLOWS"),
    Figure("可找回的读者", "readers of a log that its owner may ask back", "committees",
           "sync.bus.streams:MOST_WITNESSES"),
    Figure("每个日志问几家", "readers of each log that a restored owner asks", "committees",
           "sync.bus.salvage:HELPERS"),
    Figure("每分钟给一家", "answers to one asker in a minute", "MB", "sync.bus.holder:Budget(each)"),
    Figure("每分钟给各家合计", "answers to all askers in a minute", "MB", "sync.bus.holder:Budget(together)"),
    Figure("一次询问计入", "what an ask itself is counted for", "bytes", "sync.bus.holder:ASK_COSTS"),
    Figure("请稍后再问", "longest “busy” that is told", "s", "sync.bus.holder:_LONGEST_BUSY"),
    Figure("隐藏的副本保留", "copies stay hidden that a new epoch did not contain", "days",
           "tenant_service.exchange.inbox:KEPT_HIDDEN"),
    Figure("取目录", "so often a newer directory is looked for", "s",
           "sync.bus.directory_copy:DirectoryCopy.keep(interval)"),
    Figure("目录的一部分", "how long a part of the directory is good", "days",
           "sync.contract.trust.directory_parts:LIVES"),
    Figure("章程", "how long a charter is good", "days", "sync.contract.trust.directory_parts:CHARTER_LIVES"),
    Figure("新密钥", "life of a key, unless it is replaced before", "days",
           "sync.contract.trust.descriptors:KEY_LIVES"),
    Figure("新旧密钥重叠", "a key that was replaced is still good for", "days",
           "sync.contract.trust.descriptors:OVERLAP"),
    Figure("邀请", "an invite is answered within", "hours", "sync.contract.trust.admission:INVITE_LIVES"),
    Figure("重算可读日志", "so often what is followed is derived anew", "s",
           "tenant_service.exchange.exchange:ENTITLE_SECONDS"),
    Figure("补发消费者保留", "a bootstrap consumer nobody uses is kept", "days", "sync.hub.plan:_BOOT_KEPT_SECONDS"),
    Figure("用户令牌", "longest life of a user's token", "s", "sync.contract.trust.tokens:LONGEST"),
    Figure("网关续期的令牌", "life of a token that a gateway renewed", "s",
           "sync.contract.asking.gateway_sign_in:LIVES"),
    Figure("网关证明", "life of a gateway's proof", "s", "sync.contract.trust.proofs:LIFE"),
    Figure("证明只用一次", "how long a proof's `jti` is remembered", "s", "sync.contract.trust.proofs:_KEPT"),
    Figure("容许的时钟差", "difference of two clocks that tokens and proofs allow", "s",
           "sync.contract.trust.tokens:SKEW"),
    Figure("免报名履职码", "life of a check-in code shown without signing up", "s",
           "sync.contract.trust.codes:WALK_IN"),
    Figure("压缩", "bodies of questions and answers are gzipped above", "KiB", "sync.bus.rpc:SQUEEZED_FROM"),
    Figure("解压上限", "largest body after unpacking", "MiB", "sync.bus.rpc:LARGEST"),
    Figure("最长应答时限", "longest deadline that is honoured", "s", "sync.bus.rpc:LONGEST_WAIT"),
    Figure("列表一页", "rows of one page of a list", "rows", "sync.contract.asking.cursors:MAX_PAGE"),
    Figure("一个数值中的联合活动", "joint ids in one value", "ids", "sync.contract.shapes.values:MOST_JOINT"),
]  # fmt: skip


def figures(_was: str) -> str:
    """The table of all of them."""
    return table(["", "", "", ""], [[each.zh, each.en, each.text, f"`{each.source}`"] for each in FIGURES])
