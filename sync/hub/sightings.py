"""What can be seen at the hub of those who try what is not theirs, and of what it did about room: the kinds, and one
thing seen.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Each is a series of the metrics and a word in the audit file."""

    PUBLISH = "PUBLISH"
    """越权发布: it spoke where it has no business. The server let it reach nobody."""
    SUBSCRIBE = "SUBSCRIBE"
    """越权订阅: it wanted to listen where it has no business."""
    REPLY = "REPLY"
    """伪造回执: it named a reply subject that only the server itself may name."""
    LOGIN = "LOGIN"
    """登录被拒: no credentials, wrong ones, or those of a party that is suspended."""
    CONNECTIONS = "CONNECTIONS"
    """连接过多: it has all the connections it may have."""
    SUBSCRIPTIONS = "SUBSCRIPTIONS"
    """订阅过多: one connection wants more subscriptions than it may have."""
    TOO_LARGE = "TOO_LARGE"
    """消息过大: a message over what the server carries; its connection is ended."""
    SLOW = "SLOW"
    """接收过慢: it does not take what it asked for; its connection is ended."""
    PROTOCOL = "PROTOCOL"
    """协议错误: what it sends is not the protocol."""
    BATCH = "BATCH"
    """批次未完: a batch was begun and not finished, so that it occupied a place of the province for nothing."""
    FLOOD = "FLOOD"
    """发送过密: it sent more messages a second than the setting `flood_per_second`."""
    EVICTED = "EVICTED"
    """清出空间: its log was the largest while the store filled up: its oldest events left the hub; others have them."""
    STORE_FULL = "STORE_FULL"
    """存储将满: the store is fuller than it may be, and nothing can be dropped: `most_disk_bytes` is too small."""
    STREAMS = "STREAMS"
    """改动流: somebody other than the controller called JetStream's API."""
    UNBOUND = "UNBOUND"
    """自定权限: a connection whose own statement sets its permissions; the account's imports alone hold it."""
    LOG_LOST = "LOG_LOST"
    """日志中断: a part of the server's log was gone before it was read."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something that was tried, or done at the hub.

    Attributes:
        who: Committee or gateway; empty: nobody the hub knows, or the hub itself (`STORE_FULL`).
        what: The subject, or what else it was about.
        host: Where it came from, as the server saw it.
    """

    kind: Kind
    who: str = ""
    what: str = ""
    host: str = ""
