"""One's own notifications in GraphQL."""

import datetime as dt
from functools import partial

import strawberry

from sync.contract.ids import Id
from sync.contract.visibility import Visible, visible
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import plain
from tenant_service.graph.types import Home, contract_enum, shown
from tenant_service.notifications import queries, service
from tenant_service.notifications.models import NotificationRow
from tenant_service.notifications.queries import Wanted
from tenant_service.notifications.rules import NotificationKind, Way
from tenant_service.storage.unit_of_work import Unit

SUBJECT = Visible.SUBJECT
MOST = 200
for each in (NotificationKind, Way):
    contract_enum(each)


@strawberry.type(description="通知: one thing that the caller should know.")
class Notification:
    id: Id = visible(SUBJECT, "Its own id.")
    at: dt.datetime = visible(SUBJECT, "When it was told.")
    kind: NotificationKind = visible(SUBJECT, "What kind of thing it is.")
    subject_id: Id = visible(SUBJECT, "The record that it is about.")
    title: str = visible(SUBJECT, "In one line, Chinese.")
    text: str = visible(SUBJECT, "What else is to be known of it; empty: nothing.")
    read_at: dt.datetime | None = visible(SUBJECT, "When it was opened first; null: it was not.")


@strawberry.type(description="通知方式: by which ways a kind comes besides the inbox.")
class NotificationChoice:
    kind: NotificationKind = visible(SUBJECT, "The kind.")
    ways: list[Way] = visible(SUBJECT, "Besides the inbox, which has everything.")


@strawberry.type
class NotificationQuery:
    @shown(SUBJECT, "The caller's own notifications, newest first, behind the id `after`.", directives=[Home()])
    def notifications(
        self, info: Info, unread: bool = False, first: int = 50, after: Id | None = strawberry.UNSET,  # noqa: FBT001, FBT002
    ) -> list[Notification]:  # fmt: skip
        session, actor = info.context.unit.session, info.context.actor
        found, _ = queries.inbox(session, actor, Wanted(is_unread=unread), max(1, min(first, MOST)), after or None)
        return list(map(_told, found))

    @shown(SUBJECT, "How many of the caller's own were not opened.", directives=[Home()])
    def unread_notifications(self, info: Info) -> int:
        return queries.unread(info.context.unit.session, info.context.actor)

    @shown(SUBJECT, "By which ways each kind comes to the caller.", directives=[Home()])
    def notification_choices(self, info: Info) -> list[NotificationChoice]:
        actor = info.context.actor
        if not actor.is_home:
            return []
        found = queries.choices(info.context.unit.session, service.recipient_of(actor))
        return [NotificationChoice(kind=kind, ways=list(ways)) for kind, ways in found.items()]


@strawberry.type
class NotificationMutation:
    @shown(SUBJECT, "已读: one of the caller's own was opened.")
    def read_notification(self, info: Info, key: Id, id: Id) -> Notification:
        def act(unit: Unit) -> str:
            return service.read(unit, info.context.actor, id).id

        done = info.context.perform("readNotification", key, plain(id=id), act, kept_as=str)
        return _told(queries.own(info.context.unit.session, info.context.actor, done))

    @shown(SUBJECT, "全部已读; how many it was.")
    def read_all_notifications(self, info: Info, key: Id) -> int:
        act = partial(service.read_all, actor=info.context.actor)
        return info.context.perform("readAllNotifications", key, plain(), act, kept_as=int)

    @shown(SUBJECT, "By these ways a kind comes to the caller from now on; how many they are.")
    def choose_notification(self, info: Info, key: Id, kind: NotificationKind, ways: list[Way]) -> int:
        def act(unit: Unit) -> int:
            service.choose(unit, info.context.actor, {kind: ways})
            return len(ways)

        return info.context.perform("chooseNotification", key, plain(kind=kind, ways=ways), act, kept_as=int)

    @shown(SUBJECT, "Where the caller is reached; whether e-mails come once a day together.")
    def reach_me(
        self, info: Info, key: Id, is_digest: bool, mobile: str | None = None, email: str | None = None  # noqa: FBT001
    ) -> bool:  # fmt: skip
        def act(unit: Unit) -> bool:
            service.reach(unit, info.context.actor, mobile, email, is_digest=is_digest)
            return True

        return info.context.perform(
            "reachMe", key, plain(is_digest=is_digest, mobile=mobile, email=email), act, kept_as=bool
        )


def _told(row: NotificationRow) -> Notification:
    return Notification(
        id=Id(row.id), at=row.at, kind=row.kind, subject_id=Id(row.subject), title=row.title, text=row.text,
        read_at=row.read_at,
    )  # fmt: skip
