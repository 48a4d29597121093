"""Heads of audit logs: ours is told to the parent, those of the committees below us are kept and compared."""

import datetime as dt
from collections.abc import Callable, Sequence

from joserfc.jwk import ECKey
from sqlalchemy.orm import Session

from sync.contract import jose
from sync.contract.channels import PLAIN, Scope
from sync.contract.errors import Code, Refusal
from sync.contract.shapes.audit import AuditHeadRecord, opened
from sync.contract.trust.directory import Directory
from tenant_service.auditing import queries, rules
from tenant_service.auditing.models import HeardHeadRow
from tenant_service.auditing.rules import Place, Standing
from tenant_service.exchange.copies import Seen
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.audit_log import heads as audit_heads
from tenant_service.identity.policy import UseCase
from tenant_service.storage.unit_of_work import Unit

TO_PARENT = PLAIN[Scope.PARENT]


def tell_head(unit: Unit, key: ECKey, channels: Sequence[str]) -> int:
    """The parent hears where our log ends, if it has not within the hour; how many heads were told.

    `channels`: those that the directory gives us. A committee without a parent tells nobody.
    """
    if TO_PARENT not in channels or not audit_heads.is_due(unit.session, unit.now):
        return 0
    made, version = audit_heads.head(unit, key)
    unit.publish(made, version, {TO_PARENT})
    return 1


def note_look(unit: Unit, actor: Actor, act: str, filters: bytes | None = None) -> None:
    """Somebody looked through the log, or took a copy of it: that is noted as well, before anything is shown; of what
    was looked for the digest.
    """
    audit.note(unit, actor, act, unit.committee, filters)


def note_look_below(unit: Unit, actor: Actor, directory: Directory, of: str, *, is_copy: bool) -> None:
    """It stands in our own log that our auditor is about to look through the log of a committee below, or to copy it;
    whether that committee lets us is asked there.

    Raises:
        Refusal: NOT_SIGNED_IN, PASSWORD_CHANGE_NEEDED, FORBIDDEN; NOT_FOUND, it is not right below us.
    """
    actor.require(UseCase.SEE_AUDIT)
    if of not in directory.children(unit.committee):
        raise Refusal(Code.NOT_FOUND)
    audit.note(unit, actor, "audit.copy_below" if is_copy else "audit.look_below", of)


def projection(keys_of: Callable[[str], Sequence[ECKey]]) -> Callable[[Session, Seen], None]:
    """Keeps heads of other committees; `keys_of`: a committee's event keys, as the directory shows them.

    A head that is withdrawn stays: it is evidence.
    """

    def project(session: Session, seen: Seen) -> None:
        told = seen.record
        if isinstance(told, AuditHeadRecord) and told.seq is not None and told.chain and told.proof and told.at:
            _heard(session, seen.owner, told, keys_of(seen.owner), seen.as_of)

    return project


def _heard(
    session: Session, owner: str, told: AuditHeadRecord, keys: Sequence[ECKey], now: dt.datetime
) -> None:  # fmt: skip
    before = queries.latest(session, owner)
    new = Place(told.seq or 0, told.chain or "")
    is_same = bool(before) and (before[0].seq, before[0].chain) == new and before[0].standing is not Standing.UNSIGNED
    if is_same and (told.broken_at is None or before[0].standing in (Standing.BROKEN, Standing.NOT_WHOLE)):
        before[0].last_at = now
        return
    standing, broken_at = rules.stands(new, told.trail or {}, [Place(each.seq, each.chain) for each in before])
    if told.broken_at is not None and standing is not Standing.BROKEN:
        standing, broken_at = Standing.NOT_WHOLE, told.broken_at
    if not _is_signed(told, owner, keys):
        standing, broken_at = Standing.UNSIGNED, new.seq
    session.add(
        HeardHeadRow(
            committee_id=owner, month=told.month or "", seq=new.seq, chain=new.chain, signed_at=told.at, heard_at=now,
            last_at=now, proof=told.proof, standing=standing, broken_at=broken_at,
        )
    )  # fmt: skip


def _is_signed(told: AuditHeadRecord, owner: str, keys: Sequence[ECKey]) -> bool:
    try:
        head = opened(told.proof or "", keys)
    except jose.Untrusted:
        return False
    return (head.committee, head.month, head.seq, head.chain) == (owner, told.month, told.seq, told.chain)
