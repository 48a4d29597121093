"""短信 over HTTP: one POST per message to a gateway that fills a template by its id; in the demo, a line in the log.

Asked: `{"id", "phone", "sign", "template", "params": {"title", "text"}}` with `Authorization: Bearer …`. Any 2xx is
taken as sent. 429 and 5xx are tried again, with the same id; all else is refused for good.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx2

from tenant_service.notifications.delivery_service import Outcome, Parcel, masked
from tenant_service.notifications.rules import Failure, NotificationKind, Way

log = logging.getLogger(__name__)

PATIENCE = 10.0
"""Seconds that another side has to answer."""
TOO_MANY, SERVER_ERRORS = 429, 500
OTHERWISE = "DEFAULT"
"""Stands for every kind that has no template of its own."""


@dataclass(frozen=True)
class Sms:
    """Attributes: templates: code of a kind, or DEFAULT → template id · token: what the gateway knows us by."""

    url: str
    sign: str = ""
    token: str = field(default="", repr=False)
    templates: Mapping[str, str] = field(default_factory=dict)

    async def send(self, parcel: Parcel) -> Outcome:
        [line] = parcel.lines
        template = self.template(line.kind)
        if template is None:
            return Outcome(Failure.NO_TEMPLATE, line.kind.value)
        body = {
            "id": parcel.id, "phone": parcel.address, "sign": self.sign, "template": template,
            "params": {"title": line.title, "text": line.text},
        }  # fmt: skip
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        try:
            async with httpx2.AsyncClient(timeout=PATIENCE) as client:
                return judged(await client.post(self.url, json=body, headers=headers))
        except httpx2.HTTPError as error:
            return unreachable(error)

    def template(self, kind: NotificationKind) -> str | None:
        return self.templates.get(kind.value) or self.templates.get(OTHERWISE)


@dataclass(frozen=True)
class LoggedSms:
    """Nothing leaves: what would have been sent stands in the log, with its number masked."""

    async def send(self, parcel: Parcel) -> Outcome:
        [line] = parcel.lines
        log.info("SMS %s to %s: %s", line.kind.value, masked(Way.SMS, parcel.address), line.title)
        return Outcome(detail="演示：仅记入日志")


def judged(answer: httpx2.Response) -> Outcome:
    """What the other side's status says of a message."""
    if answer.is_success:
        return Outcome()
    said = f"HTTP {answer.status_code} {' '.join(answer.text.split())[:120]}".strip()
    if answer.status_code == TOO_MANY or answer.status_code >= SERVER_ERRORS:
        return Outcome(Failure.UNREACHABLE, said, may_retry=True)
    return Outcome(Failure.REFUSED, said)


def unreachable(error: Exception) -> Outcome:
    """Nobody answered; the next try may find somebody."""
    return Outcome(Failure.UNREACHABLE, type(error).__name__, may_retry=True)
