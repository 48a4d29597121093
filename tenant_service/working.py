"""What a committee works at by itself while it runs, with a hub or without: figures, requests, forgetting."""

import asyncio
import logging
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy.orm import Session

from sync.bus.trust import Trust
from sync.bus.waiting import happened
from tenant_service import rooms
from tenant_service.assignments import reminder_service as reminders
from tenant_service.auditing import consent_service as consents
from tenant_service.auditing import service as auditing
from tenant_service.graph import idempotency
from tenant_service.identity import quotas
from tenant_service.identity.audit_log import segments as audit_segments
from tenant_service.members import queries as members
from tenant_service.notifications.sending import Carriers, send_due
from tenant_service.personal_data import retention
from tenant_service.programmes import progress_service as programmes
from tenant_service.requests import service as requests
from tenant_service.search.service import completing
from tenant_service.services import Services
from tenant_service.settings import Settings
from tenant_service.statistics import service as statistics
from tenant_service.storage import changed
from tenant_service.storage.engine import Domain
from tenant_service.storage.unit_of_work import Unit, Units
from tenant_service.topics import queries as topics

log = logging.getLogger(__name__)

RECOUNT_AFTER = 2.0
"""Seconds after the last change until figures are counted anew and told: a burst of changes is one figure."""
RECOUNT_AT_LEAST = 300.0
"""Seconds after which they are counted in any case: a day begins, a joint activity was closed elsewhere."""
ANSWER_AT_LEAST = 5.0
"""Seconds after which waiting requests are looked for without being called."""
HEAD_LOOK_AFTER = 60.0
"""Seconds between two looks whether the parent is to be told a head of the audit log; the first, after the start."""

REMIND_AFTER = 600.0
"""Seconds between two looks for what bodies are to be reminded of: a day begins."""

CREDIT_AFTER = 3_600.0
"""Seconds between two looks whether somebody is to be credited with what no act has brought into the ledger."""

SEND_AFTER = 5.0
"""Seconds between two looks for what leaves by SMS, e-mail or webhook, when nothing was due."""


@dataclass(frozen=True)
class Working:
    """The jobs of one committee. Each runs until cancelled; one that breaks goes on with its next round."""

    settings: Settings
    domain: Domain
    units: Units
    trust: Trust
    services: Services
    carriers: Carriers

    async def counting(self) -> None:
        """Figures are told anew some moments after whatever may have changed them."""
        published = Bell(asyncio.get_running_loop())
        self.units.after_publishing(published.ring)
        while True:
            with self._logged("figures"):
                await self.domain.run(self._publish_values)
            await published.heard(RECOUNT_AT_LEAST)
            await asyncio.sleep(RECOUNT_AFTER)

    async def answering(self) -> None:
        """Requests of other committees are answered soon after they came in: what brings one rings when it is
        committed, or whoever looks would find nothing and sleep.
        """
        arrived = Bell(asyncio.get_running_loop())
        self.units.after_changing(arrived.ring)
        while True:
            with self._logged("requests"):
                while await self.domain.run(requests.answer_next, self.units, self.services.handlers):
                    pass
            await arrived.heard(ANSWER_AT_LEAST)

    async def forgetting(self) -> None:
        """What is kept for a while only is forgotten when that is over, in slices that hold nobody up."""
        while True:
            with self._logged("forgetting"):
                for forget in (idempotency.forget, _forget_changes, quotas.forget, self._seal, *rooms.FORGETS):
                    await self._all_of(forget)
                for rule in retention.rules_of(self.settings):
                    removed = await self._all_of(rule.drop)
                    await self.domain.run(self._note_run, rule, removed)
            await asyncio.sleep(retention.EVERY.total_seconds())

    async def _all_of(self, forget: Callable[[Unit], int]) -> int:
        """How much was forgotten, slice after slice."""
        removed = 0
        while some := await self.domain.run(self._forget, forget):
            removed += some
        return removed

    def _note_run(self, rule: retention.Rule, removed: int) -> None:
        with self.units.write() as unit:
            retention.note_run(unit, rule, removed)

    async def telling_heads(self) -> None:
        """The parent is told every hour where the audit log ends."""
        while True:
            await asyncio.sleep(HEAD_LOOK_AFTER)
            with self._logged("heads of the audit log"):
                await self.domain.run(self._tell_head)

    async def reminding(self) -> None:
        """Bodies are told of what comes due, and of what is overdue since yesterday, in slices."""
        while True:
            with self._logged("reminders"):
                while await self.domain.run(self._remind):
                    pass
            await asyncio.sleep(REMIND_AFTER)

    async def sending(self) -> None:
        """What people should know leaves by the ways they chose, soon after the act that told it."""
        while True:
            with self._logged("notifications"):
                while await send_due(self.domain, self.units, self.carriers, _phones):
                    pass
            await asyncio.sleep(SEND_AFTER)

    async def crediting(self) -> None:
        """What members did before the ledger was kept stands in it as well, soon after the start, in slices."""
        while True:
            with self._logged("the ledger"):
                for credit in rooms.CREDITS:
                    await self._all_of(credit)
            await asyncio.sleep(CREDIT_AFTER)

    async def indexing(self) -> None:
        """What an earlier release wrote is found as well, soon after the start."""
        with self._logged("the search index"):
            slices = completing(self.units)
            while await self.domain.run(next, slices, None) is not None:
                pass

    # ── in the domain's thread ──

    def _publish_values(self) -> int:
        with self.units.write() as unit:
            writable = set(self.trust.directory.channels_of(unit.committee))
            told = statistics.publish_values(unit, self.services.counting, set(self.services.value_channels) & writable)
            return told + programmes.tell_progress(unit, self.services.counting)

    def _remind(self) -> int:
        with self.units.write() as unit:
            return reminders.remind(unit, self.services.periods)

    def _tell_head(self) -> None:
        with self.units.write() as unit:
            channels = self.trust.directory.channels_of(unit.committee)
            auditing.tell_head(unit, self.services.keys.event, channels)
            consents.tell(unit, channels)

    def _seal(self, unit: Unit) -> int:
        return audit_segments.seal(unit, self.services.keys.event)

    def _forget(self, forget: Callable[[Unit], int]) -> int:
        with self.units.write() as unit:
            return forget(unit)

    def _logged(self, what: str) -> "_Logged":
        return _Logged(what, self.settings.committee)


def _phones(session: Session, ids: Collection[str]) -> dict[str, str]:
    """Where people are reached by SMS: ours by the roster's phone, who works for a body by its contact's, whoever
    reported something by the one they left.
    """
    return members.phones(session, ids) | topics.phones(session, ids)


def _forget_changes(unit: Unit) -> int:
    return changed.forget(unit.session, unit.now)


class Bell:
    """Something that rings in any thread and is heard in one loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop, self._event = loop, asyncio.Event()

    def ring(self) -> None:
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._event.set)

    async def heard(self, within: float) -> None:
        """It rang since this was asked last, or `within` seconds have passed."""
        await happened(self._event, within)
        self._event.clear()


class _Logged:
    """A round of a background job is logged as done; one that breaks is logged, and the job goes on with the next."""

    def __init__(self, what: str, committee: str) -> None:
        self._what, self._committee = what, committee

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> bool:
        if kind is None:
            log.debug("%s of %s are done", self._what, self._committee)
        if kind is None or not issubclass(kind, Exception):
            return False
        log.error("%s of %s broke, and are tried again", self._what, self._committee, exc_info=error)
        return True
