"""电子邮件 over SMTP, in a thread: the standard library's client blocks."""

import asyncio
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import Literal

from sync.contract.instants import SHANGHAI
from tenant_service.notifications.delivery_service import Outcome, Parcel
from tenant_service.notifications.rules import Failure
from tenant_service.notifications.sms import PATIENCE, unreachable

Tls = Literal["tls", "starttls", "none"]
_PERMANENT = 500
"""Replies from here on are for good; 4xx may pass."""


@dataclass(frozen=True)
class Mail:
    """Attributes: sender: address that it comes from · name: the committee's · address: of its pages, for links."""

    host: str
    port: int
    tls: Tls
    sender: str
    name: str
    address: str
    user: str = ""
    password: str = field(default="", repr=False)

    async def send(self, parcel: Parcel) -> Outcome:
        return await asyncio.to_thread(self._send, self.message(parcel))

    def message(self, parcel: Parcel) -> EmailMessage:
        """One notification, or a day's together: 每日汇总."""
        first, made = parcel.lines[0], EmailMessage()
        made["Subject"] = first.title if len(parcel.lines) == 1 else f"每日汇总：{len(parcel.lines)}条通知"
        made["From"], made["To"] = formataddr((self.name, self.sender)), parcel.address
        made["Date"] = format_datetime(parcel.lines[-1].at.astimezone(SHANGHAI))
        made["Message-ID"] = f"<{parcel.id}@{self.sender.partition('@')[2]}>"
        made["Auto-Submitted"] = "auto-generated"
        parts = [
            "\n".join(filter(None, (f"【{line.kind.label}】{line.title}", line.text,
                                    f"{self.address}/notifications/{line.id}")))
            for line in parcel.lines
        ]  # fmt: skip
        own = f"通知方式可在 {self.address}/notifications/choices 修改。"
        made.set_content("\n\n".join([*parts, f"{self.name}\n{own}"]))
        return made

    # ── in a thread ──

    def _send(self, message: EmailMessage) -> Outcome:
        try:
            with self._client() as client:
                if self.user:
                    client.login(self.user, self.password)
                client.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            [(code, said), *_] = error.recipients.values()
            return _judged(code, said)
        except smtplib.SMTPResponseException as error:
            return _judged(error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            return unreachable(error)
        return Outcome()

    def _client(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.tls == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=PATIENCE, context=context)
        client = smtplib.SMTP(self.host, self.port, timeout=PATIENCE)
        if self.tls == "starttls":
            client.starttls(context=context)
        return client


def _judged(code: int, said: bytes | str) -> Outcome:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    detail = f"SMTP {code} {' '.join(text.split())[:120]}"
    if code >= _PERMANENT:
        return Outcome(Failure.REFUSED, detail)
    return Outcome(Failure.UNREACHABLE, detail, may_retry=True)
