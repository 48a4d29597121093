"""Of what people are told, by which ways, and when a way is tried again. Pure: no clock, no database, no network."""

import datetime as dt
from collections.abc import Collection
from enum import StrEnum

from sync.contract.instants import SHANGHAI, day_of
from sync.contract.kinds import Kind
from tenant_service.steps import Steps, leading

PAUSES = (60, 300, 1_800, 7_200, 21_600)
"""Seconds until the next try, after the first, the second and so on; after the last of them nobody tries again."""
DIGEST_AT = dt.time(8)
"""每日汇总 goes out at this time of the day, Asia/Shanghai."""


class NotificationKind(Kind):
    """通知类别: closed; of each kind somebody chooses by which way it comes."""

    ACTIVITY_NOTICE = "ACTIVITY_NOTICE", "活动通知"
    ACTIVITY_CHANGED = "ACTIVITY_CHANGED", "活动变更"
    ACTIVITY_CANCELLED = "ACTIVITY_CANCELLED", "活动取消"
    URGED = "URGED", "催办"
    LEAVE = "LEAVE", "请假"
    TO_SIGN = "TO_SIGN", "待签发"
    SENT_BACK = "SENT_BACK", "退回"
    REQUEST = "REQUEST", "请求答复"
    ASSIGNED = "ASSIGNED", "交办"
    DUE = "DUE", "到期、逾期"
    ANSWERED = "ANSWERED", "公开答复"
    TOPIC = "TOPIC", "议题"
    PROPOSAL = "PROPOSAL", "提案"
    REPORT = "REPORT", "社情民意与成果"
    PROGRAMME = "PROGRAMME", "联动任务"
    POST = "POST", "发布"
    FORM = "FORM", "问卷与征集"
    BOOKING = "BOOKING", "预约"
    PERFORMANCE = "PERFORMANCE", "履职档案"
    ENTERED = "ENTERED", "代录"


class Way(Kind):
    """通知方式: the inbox always has it; the others are chosen."""

    INBOX = "INBOX", "站内信"
    SMS = "SMS", "短信"
    EMAIL = "EMAIL", "电子邮件"
    WEBHOOK = "WEBHOOK", "消息接口"


OUTSIDE = (Way.SMS, Way.EMAIL, Way.WEBHOOK)
"""Ways that lead out of the house, and are gone by the worker after the commit."""


class DeliveryState(Kind):
    """发送状态."""

    WAITING = "WAITING", "待发送"
    SENT = "SENT", "已发送"
    FAILED = "FAILED", "未送达"
    OFF = "OFF", "未启用"
    SETTLED = "SETTLED", "已另行告知"


class Failure(Kind):
    """未送达原因: closed; what the other side said stands beside it."""

    NO_ADDRESS = "NO_ADDRESS", "没有号码或地址"
    NO_TEMPLATE = "NO_TEMPLATE", "短信模板未配置"
    REFUSED = "REFUSED", "对方拒收"
    UNREACHABLE = "UNREACHABLE", "多次重试仍无应答"


class Act(StrEnum):
    """What becomes of a delivery, as the service's functions are named."""

    SEND = "send"
    FAIL = "fail"
    SWITCH_OFF = "switch_off"
    RESEND = "resend"
    SETTLE = "settle"


DELIVERY = Steps(
    {
        Act.SEND: leading(DeliveryState.SENT, DeliveryState.WAITING),
        Act.FAIL: leading(DeliveryState.FAILED, DeliveryState.WAITING),
        Act.SWITCH_OFF: leading(DeliveryState.OFF, DeliveryState.WAITING),
        Act.RESEND: leading(DeliveryState.WAITING, DeliveryState.FAILED),
        Act.SETTLE: leading(DeliveryState.SETTLED, DeliveryState.FAILED),
    }
)
"""The worker sends, fails, or finds the way switched off; the office sends again (再次发送), or says that whoever it is
for was told otherwise (已另行告知)."""

USUALLY: dict[NotificationKind, tuple[Way, ...]] = {
    NotificationKind.ACTIVITY_NOTICE: (Way.SMS,),
    NotificationKind.ACTIVITY_CHANGED: (Way.SMS,),
    NotificationKind.ACTIVITY_CANCELLED: (Way.SMS,),
    NotificationKind.URGED: (Way.SMS,),
    NotificationKind.ASSIGNED: (Way.SMS,),
    NotificationKind.ANSWERED: (Way.SMS,),
}
"""By which ways outside the inbox a kind comes to who has chosen nothing; of all other kinds: none."""


def ways(kind: NotificationKind, chosen: Collection[Way] | None) -> tuple[Way, ...]:
    """By which ways that lead outside a kind comes; `chosen`: None, nothing was."""
    wanted = USUALLY.get(kind, ()) if chosen is None else chosen
    return tuple(way for way in OUTSIDE if way in wanted)


def pause(tries: int) -> dt.timedelta | None:
    """How long to wait after so many tries; None: it is given up."""
    return dt.timedelta(seconds=PAUSES[tries - 1]) if tries <= len(PAUSES) else None


def next_digest(now: dt.datetime) -> dt.datetime:
    """The next moment at which digests go out."""
    today = dt.datetime.combine(day_of(now), DIGEST_AT, SHANGHAI)
    return today if today > now else today + dt.timedelta(days=1)
