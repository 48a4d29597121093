"""What people are told of a topic, in which words."""

from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.notifications import service as notifications
from tenant_service.notifications.rules import NotificationKind
from tenant_service.storage.unit_of_work import Unit
from tenant_service.topics import queries
from tenant_service.topics.models import TopicRow


def resolved(unit: Unit, actor: Actor, row: TopicRow) -> None:
    """Whoever may sign the answer knows that it waits."""
    notifications.tell_signers(unit, UseCase.SIGN_OFF_TOPICS, row.id, f"公开答复待签发：{row.title}", by=actor)


def sent_back(unit: Unit, actor: Actor, row: TopicRow) -> None:
    """Whoever drafted the answer knows why it came back."""
    to, why = [row.drafted_by] if row.drafted_by else [], row.returned_because or ""
    notifications.tell(unit, to, NotificationKind.SENT_BACK, row.id, f"公开答复已退回：{row.title}", why, by=actor)


def answered(unit: Unit, row: TopicRow) -> None:
    """Everybody who raised it knows that there is an answer: members of ours by their ways, others by the phone that
    they left. The SMS says nothing of what it was about: a phone is lent, and lies open.
    """
    reports = queries.reports(unit.session, row.id)
    members = {each.person_id for each in reports if each.person_id}
    others = {each.phone: each.id for each in reports if each.phone and not each.person_id}
    kind = NotificationKind.ANSWERED
    notifications.tell(unit, members, kind, row.id, f"您反映的问题已答复：{row.title}")
    notifications.tell_outside(unit, others.values(), kind, row.id, "您反映的问题已答复", "请凭查询码查看。")
