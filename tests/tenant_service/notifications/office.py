"""Jiashan's people, what they are told, and the round in which it leaves."""

import asyncio
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from tenant_service.identity import accounts
from tenant_service.identity.accounts import Draft
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import FOR_A_BODY, Role
from tenant_service.members import queries as members
from tenant_service.members import service as roster
from tenant_service.members.service import PersonDraft
from tenant_service.notifications import queries, service
from tenant_service.notifications.models import DeliveryRow, NotificationRow
from tenant_service.notifications.rules import NotificationKind, Way
from tenant_service.notifications.sending import Carriers, send_due
from tenant_service.storage.engine import Domain
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places

SUBJECT = f"{places.JIASHAN}.activity.{'1' * 32}"
NOTICE = NotificationKind.ACTIVITY_NOTICE


@dataclass
class Office:
    """Attributes: clerk: who enters people."""

    units: Units
    clerk: Actor

    def person(self, name: str, phone: str | None = "13812345678") -> str:
        with self.units.write() as unit:
            return roster.add_person(unit, self.clerk, PersonDraft(name=name, work_phone=phone)).id

    def account(self, name: str, *roles: Role, person: str | None = None, body: str = places.BODY) -> Actor:
        """Somebody who can sign in; at that body, where the role is one of a body's."""
        with self.units.write() as unit:
            draft = Draft(name, name, frozenset(roles), person, body if FOR_A_BODY & set(roles) else None)
            made = accounts.create(unit, accounts.founder(places.JIASHAN), draft, "-", must_change=False)
            return made.actor(places.JIASHAN)

    def tell(
        self, *to: str, kind: NotificationKind = NOTICE, title: str = "协商会通知", text: str = "", **more: Any
    ) -> int:
        with self.units.write() as unit:
            return service.tell(unit, to, kind, SUBJECT, title, text, **more)

    def choose(self, actor: Actor, kind: NotificationKind, *ways: Way) -> None:
        with self.units.write() as unit:
            service.choose(unit, actor, {kind: ways})

    def reach(
        self, actor: Actor, mobile: str | None = None, email: str | None = None, *, is_digest: bool = False
    ) -> None:
        with self.units.write() as unit:
            service.reach(unit, actor, mobile, email, is_digest=is_digest)

    def inbox(self, actor: Actor) -> list[str]:
        with self.units.read() as unit:
            return [row.title for row in queries.inbox(unit.session, actor, queries.Wanted(), 50, None)[0]]

    def told(self) -> list[NotificationRow]:
        with self.units.read() as unit:
            return list(unit.session.scalars(select(NotificationRow).order_by(NotificationRow.id)))

    def deliveries(self) -> list[DeliveryRow]:
        with self.units.read() as unit:
            return list(unit.session.scalars(select(DeliveryRow).order_by(DeliveryRow.id)))

    def send(self, by: Carriers, left: dict[str, str] | None = None) -> int:
        """One round of the worker; `left`: phones of who is not on the roster."""
        domain = Domain(self.units.engine)
        try:
            return asyncio.run(send_due(domain, self.units, by, lambda *of: members.phones(*of) | (left or {})))
        finally:
            domain.close()
