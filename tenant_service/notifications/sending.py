"""The ways that lead outside, as one committee has set them up, and the round in which what is due goes by them."""

import asyncio
import datetime as dt
import logging
from collections.abc import Callable, Mapping
from typing import Protocol

from sync.edge.key_files import kept_secret
from tenant_service.notifications import delivery_service as service
from tenant_service.notifications.delivery_service import Outcome, Parcel, Phones
from tenant_service.notifications.mail import Mail
from tenant_service.notifications.rules import Failure, Way
from tenant_service.notifications.sms import LoggedSms, Sms
from tenant_service.notifications.webhook import Webhook
from tenant_service.settings import LOG_ONLY, Settings
from tenant_service.storage.engine import Domain
from tenant_service.storage.unit_of_work import Units

log = logging.getLogger(__name__)

AT_A_TIME = 4
"""Messages that are under way at once."""


class Carrier(Protocol):
    """One way outside. What goes wrong on it is an outcome, and no exception."""

    async def send(self, parcel: Parcel) -> Outcome: ...


Carriers = Mapping[Way, Carrier]


def carriers(settings: Settings, name: str, clock: Callable[[], dt.datetime]) -> Carriers:
    """The ways that are set up; a way that is not there is 未启用. `name`: the committee's.

    Raises:
        KeyTrouble: a file of a secret is not what it should be.
    """
    found: dict[Way, Carrier] = {}
    address, sms, mail, hook = settings.public_url.rstrip("/"), settings.sms, settings.mail, settings.webhook
    if sms.url == LOG_ONLY:
        found[Way.SMS] = LoggedSms()
    elif sms.url:
        templates = dict(each.split("=", 1) for each in sms.templates)
        found[Way.SMS] = Sms(sms.url, sms.sign, kept_secret(sms.token) if sms.token else "", templates)
    if mail.host:
        password = kept_secret(mail.password) if mail.password else ""
        found[Way.EMAIL] = Mail(mail.host, mail.port, mail.tls, mail.sender, name, address, mail.user, password)
    if hook.url and hook.secret:
        found[Way.WEBHOOK] = Webhook(hook.url, address, clock, kept_secret(hook.secret))
    return found


async def send_due(domain: Domain, units: Units, by: Carriers, phones: Phones) -> int:
    """A slice of what is due is tried once; how many messages it was, 0 when nothing is due."""
    parcels = await domain.run(_taken, units, by, phones)
    for at in range(0, len(parcels), AT_A_TIME):
        now = parcels[at : at + AT_A_TIME]
        outcomes = await asyncio.gather(*(_carried(by[each.way], each) for each in now))
        await domain.run(_settled, units, list(zip(now, outcomes, strict=True)))
    return len(parcels)


async def _carried(carrier: Carrier, parcel: Parcel) -> Outcome:
    try:
        return await carrier.send(parcel)
    except Exception as error:
        log.exception("%s is not sent, and is tried again", parcel.id)
        return Outcome(Failure.UNREACHABLE, type(error).__name__, may_retry=True)


# ── in the domain's thread ──


def _taken(units: Units, by: Carriers, phones: Phones) -> list[Parcel]:
    with units.write() as unit:
        return service.take(unit, frozenset(by), phones)


def _settled(units: Units, told: list[tuple[Parcel, Outcome]]) -> None:
    with units.write() as unit:
        for parcel, outcome in told:
            service.arrived(unit, parcel, outcome)
