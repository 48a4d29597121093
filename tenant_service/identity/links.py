"""Which account somebody is whom another provider signs in (OpenID Connect).

An administrator links the provider's subject to an account. A name, an e-mail or a phone number never does: whoever
administers them elsewhere could make anybody here of anybody there.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, select

from sync.contract.errors import Code, Refusal, Said
from tenant_service.identity import accounts, audit
from tenant_service.identity.accounts import Account
from tenant_service.identity.actor import Actor
from tenant_service.identity.models import LinkRow
from tenant_service.identity.policy import UseCase
from tenant_service.identity.rules import folded
from tenant_service.storage.unit_of_work import Unit

LONGEST_SUBJECT = 255
"""Characters, by the standard."""


@dataclass(frozen=True)
class Link:
    """Somebody elsewhere, and the account here."""

    issuer: str
    subject: str
    account: str
    linked_at: dt.datetime


def link(unit: Unit, actor: Actor, issuer: str, subject: str, username: str) -> Link:
    """Whom the provider signs in as `subject` is this account.

    Raises:
        Refusal: FORBIDDEN; NOT_FOUND, no open account of this name; BAD_VALUE; ALREADY_DONE, the subject is linked.
    """
    actor.require(UseCase.MANAGE_ACCOUNTS)
    if not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable() or not issuer:
        why = Said(f"1至{LONGEST_SUBJECT}个字符", f"1–{LONGEST_SUBJECT} characters")
        raise Refusal(Code.BAD_VALUE, field="subject", why=why)
    account = accounts.by_username(unit, folded(username)).account
    if account is None:
        raise Refusal(Code.NOT_FOUND)
    if account.id == actor.sub:
        raise Refusal(Code.FORBIDDEN)
    if unit.session.get(LinkRow, (issuer, subject)) is not None:
        raise Refusal(Code.ALREADY_DONE)
    row = LinkRow(issuer=issuer, subject=subject, account_id=account.id, linked_at=unit.now)
    unit.session.add(row)
    unit.session.flush()
    audit.note(unit, actor, "link.add", account.id)
    return _shown(row)


def unlink(unit: Unit, actor: Actor, issuer: str, subject: str) -> None:
    """The provider signs this subject in no more; the account is signed out everywhere.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND.
    """
    actor.require(UseCase.MANAGE_ACCOUNTS)
    row = unit.session.get(LinkRow, (issuer, subject))
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    unit.session.execute(delete(LinkRow).where(LinkRow.issuer == issuer, LinkRow.subject == subject))
    accounts.sign_out_everywhere(unit, row.account_id)
    audit.note(unit, actor, "link.remove", row.account_id)


def listed(unit: Unit, actor: Actor) -> list[tuple[Link, str]]:
    """Every link, with the account's user name; empty: it is closed. Raises: Refusal FORBIDDEN."""
    actor.require(UseCase.MANAGE_ACCOUNTS)
    rows = unit.session.scalars(select(LinkRow).order_by(LinkRow.issuer, LinkRow.subject))
    found = [(_shown(row), accounts.by_id(unit, row.account_id)) for row in rows]
    return [(each, account.username if account else "") for each, account in found]


def linked(unit: Unit, issuer: str, subject: str) -> Account | None:
    """The open account that this subject is."""
    row = unit.session.get(LinkRow, (issuer, subject))
    return accounts.by_id(unit, row.account_id) if row is not None else None


def _shown(row: LinkRow) -> Link:
    return Link(row.issuer, row.subject, row.account_id, row.linked_at)
