"""Which account somebody is whom another provider signs in (OpenID Connect).

An administrator links the provider's subject to an account, or its owner does, who has signed in here and there in one
browser and said the password. A name, an e-mail or a phone number never does: whoever
administers them elsewhere could make anybody here of anybody there.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, select

from sync.contract.errors import Code, Refusal, Said
from tenant_service.identity import accounts, audit
from tenant_service.identity.accounts import Account
from tenant_service.identity.actor import Actor
from tenant_service.identity.models import AuditRow, LinkRow
from tenant_service.identity.policy import THREE, UseCase
from tenant_service.identity.rules import folded
from tenant_service.storage.unit_of_work import Unit

LONGEST_SUBJECT = 255
"""Characters, by the standard."""
_ADDED = "link.add"
_TOLD = dt.timedelta(days=30)


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
    audit.note(unit, actor, _ADDED, account.id)
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


def own(unit: Unit, account: str) -> list[Link]:
    """Who elsewhere is this account, longest linked first."""
    rows = unit.session.scalars(select(LinkRow).where(LinkRow.account_id == account).order_by(LinkRow.linked_at))
    return [_shown(row) for row in rows]


def by_others(unit: Unit, actor: Actor) -> list[Link]:
    """Links of the actor's own account that somebody else made, as the audit log says: one of an administrator's as
    long as that says it, another's for a month.
    """
    since = dt.datetime.min.replace(tzinfo=dt.UTC) if actor.roles & set(THREE) else unit.now - _TOLD
    rows = [each for each in own(unit, actor.sub) if each.linked_at > since]
    theirs = (AuditRow.subject == actor.sub, AuditRow.sub != actor.sub, AuditRow.act == _ADDED)
    made = set(unit.session.scalars(select(AuditRow.at).where(*theirs))) if rows else set()
    return [each for each in rows if each.linked_at in made]


def link_own(unit: Unit, actor: Actor, issuer: str, subject: str) -> None:
    """Whom the provider signs in as `subject` is the actor's own account, if it was not already.

    Raises:
        Refusal: LINK_TAKEN, it is somebody else's; SIGN_IN_ENDED, the account was closed meanwhile.
    """
    if accounts.by_id(unit, actor.sub) is None:
        raise Refusal(Code.SIGN_IN_ENDED)
    row = unit.session.get(LinkRow, (issuer, subject))
    if row is not None and row.account_id != actor.sub:
        raise Refusal(Code.LINK_TAKEN)
    if row is None:
        unit.session.add(LinkRow(issuer=issuer, subject=subject, account_id=actor.sub, linked_at=unit.now))
        unit.session.flush()
        audit.note(unit, actor, _ADDED, actor.sub)


def unlink_own(unit: Unit, actor: Actor, issuer: str, subject: str) -> None:
    """The provider signs the actor in by this no more; the account is signed out everywhere.

    Raises:
        Refusal: NOT_FOUND, it is no link of the actor's; LAST_WAY_IN, the password is not the actor's own choice.
    """
    row, account = unit.session.get(LinkRow, (issuer, subject)), accounts.by_id(unit, actor.sub)
    if row is None or account is None or row.account_id != actor.sub:
        raise Refusal(Code.NOT_FOUND)
    if account.must_change:
        raise Refusal(Code.LAST_WAY_IN)
    unit.session.execute(delete(LinkRow).where(LinkRow.issuer == issuer, LinkRow.subject == subject))
    accounts.sign_out_everywhere(unit, actor.sub)
    audit.note(unit, actor, "link.remove", actor.sub)


def listed(unit: Unit, actor: Actor) -> list[tuple[Link, str]]:
    """Every link, with the account's user name; empty: it is closed. Raises: Refusal FORBIDDEN."""
    actor.require(UseCase.MANAGE_ACCOUNTS)
    rows = unit.session.scalars(select(LinkRow).order_by(LinkRow.issuer, LinkRow.subject))
    found = [(_shown(row), accounts.by_id(unit, row.account_id)) for row in rows]
    return [(each, account.username if account else "") for each, account in found]


def linked(unit: Unit, issuer: str, subject: str) -> Account | None:
    """The open account that this subject is."""
    row = unit.session.get(LinkRow, (issuer, subject), with_for_update=True)  # or it is taken away meanwhile
    return accounts.by_id(unit, row.account_id) if row is not None else None


def _shown(row: LinkRow) -> Link:
    return Link(row.issuer, row.subject, row.account_id, row.linked_at)
