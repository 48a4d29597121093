"""预约 (booking): of what kind, how far it came. No booking travels: committees tell each other figures only."""

from sync.contract.kinds import Kind


class BookingKind(Kind):
    """预约类别: closed; figures of all committees are told by it."""

    SEAT = "SEAT", "市民预约"
    VISIT = "VISIT", "考察团来访"
    OCCUPANCY = "OCCUPANCY", "场地占用"


class BookingState(Kind):
    """预约状态: requested → confirmed → checked in → done; or cancelled, or nobody came."""

    REQUESTED = "REQUESTED", "待确认"
    CONFIRMED = "CONFIRMED", "已确认"
    CHECKED_IN = "CHECKED_IN", "已到场"
    DONE = "DONE", "已完成"
    CANCELLED = "CANCELLED", "已取消"
    NO_SHOW = "NO_SHOW", "未到场"


class BookingChannel(Kind):
    """预约渠道: how it came in."""

    DESK = "DESK", "前台"
    QR = "QR", "扫码"
    WEB = "WEB", "线上"
    ACCOUNT = "ACCOUNT", "本人账号"
