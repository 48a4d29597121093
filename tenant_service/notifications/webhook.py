"""消息接口: each notification as signed JSON to one address of the committee's own, such as a bridge to its office
messenger.

`X-Liandong-Signature: t=<seconds>,v1=<hex>`: HMAC-SHA256 of `<seconds>.<body>` with the shared secret. Whoever takes it
compares it, refuses what is older than a few minutes, and takes each `id` once: it may come twice.
"""

import datetime as dt
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx2
import orjson

from tenant_service.notifications.delivery_service import Outcome, Parcel
from tenant_service.notifications.sms import PATIENCE, judged, unreachable

HEADER = "X-Liandong-Signature"


def signature(secret: str, body: bytes, at: dt.datetime) -> str:
    """The header's value for a body that leaves at that moment."""
    seconds = str(int(at.timestamp()))
    made = hmac.new(secret.encode(), seconds.encode() + b"." + body, hashlib.sha256)
    return f"t={seconds},v1={made.hexdigest()}"


@dataclass(frozen=True)
class Webhook:
    """Attributes: address: of the committee's pages, for links · clock: stamps what leaves."""

    url: str
    address: str
    clock: Callable[[], dt.datetime]
    secret: str = field(repr=False)

    async def send(self, parcel: Parcel) -> Outcome:
        [line] = parcel.lines
        body = orjson.dumps({
            "id": parcel.id, "recipient": parcel.address, "kind": line.kind.value, "subject": line.subject,
            "title": line.title, "text": line.text, "at": line.at.isoformat(),
            "link": f"{self.address}/notifications/{line.id}",
        })  # fmt: skip
        headers = {"Content-Type": "application/json", HEADER: signature(self.secret, body, self.clock())}
        try:
            async with httpx2.AsyncClient(timeout=PATIENCE) as client:
                return judged(await client.post(self.url, content=body, headers=headers))
        except httpx2.HTTPError as error:
            return unreachable(error)
