"""One's own notifications, and for the office what left the house: what the address filters by, and the lines."""

from collections.abc import Sequence

from sync.contract.ids import kind_of
from sync.edge.shell.formats import moment
from sync.edge.shell.pages import Link
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.identity import accounts
from tenant_service.notifications.models import NotificationRow
from tenant_service.notifications.queries import Sent, SentWanted, Wanted
from tenant_service.notifications.rules import DeliveryState, NotificationKind, Way
from tenant_service.web.site import Visit

AT = "/notifications"
SENT = f"{AT}/sent"
LOOKS = {
    DeliveryState.WAITING: "warn", DeliveryState.SENT: "good", DeliveryState.FAILED: "bad", DeliveryState.OFF: "",
}  # fmt: skip
"""Classes of the style sheet, by state."""


def wanted(visit: Visit) -> Wanted:
    """What the address asks for of one's own; a code that is none filters nothing."""
    kind, text = NotificationKind.known(visit.asked("kind")), visit.asked("q")[:80]
    return Wanted(kind, bool(visit.asked("unread")), text or None)


def sent_wanted(visit: Visit) -> SentWanted:
    """What the address asks for of what was sent; a code that is none filters nothing."""
    state = DeliveryState.known(visit.asked("state"))
    return SentWanted(
        (state,) if state else (), Way.known(visit.asked("way")), NotificationKind.known(visit.asked("kind")),
        visit.asked("subject") or None,
    )  # fmt: skip


def table(visit: Visit, rows: Sequence[NotificationRow]) -> Table:
    heads = (say("通知"), say("类别"), say("内容"), say("时间"), say("状态"))

    def line(row: NotificationRow) -> Row:
        state = visit.say(say("已读") if row.read_at else say("未读"))
        cells = (row.title, visit.say(row.kind.label), row.text, _moment(visit, row.at), state)
        return Row(cells, f"{AT}/{row.id}")

    return Table(visit.say(say("通知")), _columns(visit, heads), tuple(map(line, rows)), say("没有通知"))


def sent_table(visit: Visit, found: Sequence[Sent]) -> Table:
    heads = (
        say("通知"), say("类别"), say("收件人"), say("方式"), say("发往"), say("时间"), say("状态"), say("原因"),
        say("对方答复"), say("次数"),
    )  # fmt: skip
    names = names_of(visit, found)

    def line(each: Sent) -> Row:
        row, of = each.delivery, each.notification
        cells = (
            of.title, visit.say(of.kind.label), names.get(of.recipient, of.recipient) or visit.say(say("反映人")),
            visit.say(row.way.label), row.address, _moment(visit, of.at), visit.say(row.state.label),
            visit.say(row.failure.label) if row.failure else None, row.detail, row.tries,
        )  # fmt: skip
        link = about(visit, of.subject)
        return Row(cells, link.href if link and link.href else None)

    return Table(visit.say(say("发送情况")), _columns(visit, heads), tuple(map(line, found)), say("没有发送记录"))


def names_of(visit: Visit, found: Sequence[Sent]) -> dict[str, str]:
    """Recipient → what they are called, where the visitor may know it."""
    whom = {each.notification.recipient for each in found if each.notification.recipient}
    named = accounts.named(visit.unit.session, whom)
    people = {who: link.text for who in whom - named.keys() if (link := visit.named(kind_of(who), who))}
    return named | people


def about(visit: Visit, subject: str) -> Link | None:
    """The record that a notification is about, where the visitor is shown it."""
    return visit.named(kind_of(subject), subject)


def _columns(visit: Visit, heads: Sequence[str]) -> tuple[Column, ...]:
    return tuple(Column(visit.say(head), is_figure=head == "次数") for head in heads)


def _moment(visit: Visit, at: object) -> str:
    return moment(at, visit.unit.now, visit.here.language)  # type: ignore[arg-type]
