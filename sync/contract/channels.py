"""Channels: who may read what a committee shares, and how much of it.

    c          my explicit parent            p / n    all my ancestors up to province / nation
    d          my subtree                    m_<hex>  the members of a mechanism (its UUID in hex)
    x_<id>     one named partner (encrypted) o        parent, children, siblings, mechanism partners
A record version is one log row per channel chosen. A log is named `<owner>/<channel>`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import is_committee
from sync.contract.kinds import Kind
from sync.contract.visibility import Visible

_CHANNEL = re.compile(r"[cpndo]|m_[0-9a-f]{32}|x_[0-9]{6}(r[2-9])?")


class Scope(Kind):
    """共享范围: how far a record is shared."""

    PARENT = "PARENT", "上级政协"
    PROVINCE = "PROVINCE", "各上级至省级"
    NATION = "NATION", "各上级至全国"
    SUBTREE = "SUBTREE", "下级政协"
    MECHANISM = "MECHANISM", "联动机制成员"
    PARTNER = "PARTNER", "指定政协"
    OPEN = "OPEN", "公开"


PLAIN = {
    Scope.PARENT: "c", Scope.PROVINCE: "p", Scope.NATION: "n", Scope.SUBTREE: "d", Scope.OPEN: "o",
}  # fmt: skip
"""Channels of the scopes that have no target."""


@dataclass(frozen=True)
class Share:
    """One choice of whom a record is shared with; `target` is the mechanism's id or the partner's."""

    scope: Scope
    target: str | None = None

    @property
    def channel(self) -> str:
        """Raises: Refusal BAD_VALUE, a target is missing or of the wrong kind."""
        if self.scope in PLAIN and self.target is None:
            return PLAIN[self.scope]
        if self.scope is Scope.MECHANISM and self.target and ".mechanism." in self.target:
            return f"m_{self.target.rpartition('.')[2]}"
        if self.scope is Scope.PARTNER and self.target and is_committee(self.target):
            return partner(self.target)
        raise Refusal(
            Code.BAD_VALUE,
            field="target",
            why=Said(f"{self.scope.label}：{self.target or '未填'}", f"{self.scope}: {self.target}"),
        )


def is_channel(channel: str) -> bool:
    return _CHANNEL.fullmatch(channel) is not None


CHANNELS_OF = {Visible.FEDERATION: "od", Visible.MECHANISM: "mx", Visible.PARENT: "cpn"}
"""Circle → first letters of the channels on which its readers are told. No other circle is told anything."""
FOR_MEMBERS = "odm"
"""First letters of the channels that are for members as well as for the office."""
_CIRCLES = {letter: circle for circle, letters in CHANNELS_OF.items() for letter in letters}


def circle_of(channel: str) -> Visible:
    """How much of a record its readers on this channel are told."""
    return _CIRCLES[channel[0]]


def deepest(channels: Iterable[str]) -> Visible:
    """How much of a record somebody is told whom it reaches on all of these; PUBLIC where there are none."""
    return max(map(circle_of, channels), key=lambda circle: circle.depth, default=Visible.PUBLIC)


def partner(id: str) -> str:
    """The channel to one committee: only its own key opens what is told there."""
    return f"x_{id}"


def partner_of(channel: str) -> str | None:
    """The one committee that reads this channel; None: it is not to a partner."""
    return channel[2:] if channel.startswith("x_") else None


def is_for_members(channel: str) -> bool:
    """Whether what is told on it is meant for a committee's members as well as for its office."""
    return channel[0] in FOR_MEMBERS


def log_of(owner: str, channel: str) -> str:
    return f"{owner}/{channel}"


def parts_of(log: str) -> tuple[str, str]:
    """Owner and channel of a log."""
    owner, _, channel = log.partition("/")
    return owner, channel
