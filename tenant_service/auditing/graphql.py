"""The audit log in GraphQL: for our audit administrator, and for the parent's while a consent is in force."""

import datetime as dt

import strawberry

from sync.contract.errors import Code, Refusal
from sync.contract.ids import Id
from sync.contract.visibility import Visible, visible
from tenant_service.auditing import consent_service
from tenant_service.graph.context import Context, Info
from tenant_service.graph.inputs import plain
from tenant_service.graph.types import contract_enum, shown
from tenant_service.identity.audit_log import consents as audit_consents
from tenant_service.identity.audit_log import listing as audit_listing
from tenant_service.identity.audit_log.checking import Fault
from tenant_service.identity.audit_log.consents import Consent
from tenant_service.identity.audit_log.listing import Wanted

PARENT, TENANT = Visible.PARENT, Visible.TENANT
MOST = 500
contract_enum(Fault)


@strawberry.type(description="审计条目: one entry of an audit log, with what proves it.")
class AuditEntry:
    seq: int = visible(PARENT, "Number.")
    at: dt.datetime = visible(PARENT, "When.")
    iss: str = visible(PARENT, "Home of who did it.")
    sub: str = visible(PARENT, "Account there.")
    act: str = visible(PARENT, "What was done.")
    subject: str = visible(PARENT, "Id of the record it was done to.")
    digest: str | None = visible(PARENT, "Of what is kept beside it, in hex.")
    chain: str = visible(PARENT, "Chain after it, in hex.")
    prior: str | None = visible(PARENT, "Chain before it, in hex; null: that entry is kept no longer.")


@strawberry.type(description="审计校验: whether an audit log is whole.")
class AuditCheck:
    entries: int = visible(PARENT, "Entries that were read.")
    dropped: int = visible(PARENT, "Months of which only the signed heads are kept.")
    fault: Fault | None = visible(PARENT, "What is wrong; null: it is whole.")
    broken_at: int | None = visible(PARENT, "Number of the first entry that is wrong.")


@strawberry.type(description="委托审计: a consent to be audited by the parent.")
class AuditConsent:
    id: Id = visible(TENANT, "Global id.")
    parent_id: Id = visible(TENANT, "Whose audit administrators read the log.")
    given_at: dt.datetime = visible(TENANT, "Since when.")
    withdrawn_at: dt.datetime | None = visible(TENANT, "Until when; null: it is in force.")


@strawberry.type
class AuditQuery:
    @shown(PARENT, "审计日志 of a committee, newest first, below number `before`; that somebody looked is an entry.")
    def audit_log(
        self, info: Info, id: Id, first: int = 100, before: int | None = strawberry.UNSET, act: str = "",
        subject: str = "",
    ) -> list[AuditEntry] | None:  # fmt: skip
        context = _of_ours(info.context, id)
        session, actor, directory = context.unit.session, context.actor, context.directory
        consent_service.looked(context.units, session, actor, directory, "audit.look")
        most = max(1, min(first, MOST))
        wanted = Wanted(act=act, subject=subject)
        found = audit_listing.page(session, actor, wanted, before or None, most, directory)
        return [
            AuditEntry(
                seq=each.seq, at=each.at, iss=each.iss, sub=each.sub, act=each.act, subject=each.subject,
                chain=each.chain.hex(), digest=each.digest.hex() if each.digest else None,
                prior=each.prior.hex() if each.prior else None,
            )
            for each in found
        ]  # fmt: skip

    @shown(PARENT, "审计校验: reads a committee's whole audit log.")
    def audit_check(self, info: Info, id: Id) -> AuditCheck | None:
        context = _of_ours(info.context, id)
        session, actor, directory = context.unit.session, context.actor, context.directory
        consent_service.looked(context.units, session, actor, directory, "audit.verify")
        return AuditCheck(**vars(consent_service.checked(session, actor, directory, context.services.keys)))


@strawberry.type
class AuditMutation:
    @shown(TENANT, "委托上级审计: the parent's audit administrators read and verify our audit log from now on.")
    def leave_audit(self, info: Info, key: Id, reason: str) -> AuditConsent:
        context = info.context
        parent = context.directory.parent(context.actor.committee)
        done = context.perform(
            "leaveAudit", key, plain(reason=reason),
            lambda unit: audit_consents.give(unit, context.actor, parent, reason), kept_as=Consent,
        )  # fmt: skip
        return _told(done)

    @shown(TENANT, "收回委托: nobody of the parent reads our audit log any more, at once.")
    def withdraw_audit(self, info: Info, key: Id, reason: str) -> AuditConsent:
        context = info.context
        done = context.perform(
            "withdrawAudit", key, plain(reason=reason),
            lambda unit: audit_consents.withdraw(unit, context.actor, reason), kept_as=Consent,
        )  # fmt: skip
        return _told(done)


def _of_ours(context: Context, id: str) -> Context:
    """Raises: Refusal NOT_FOUND, it is not our log; copies of audit logs there are none."""
    if id != context.actor.committee or context.owners is not None:
        raise Refusal(Code.NOT_FOUND)
    return context


def _told(done: Consent) -> AuditConsent:
    return AuditConsent(
        id=Id(done.id), parent_id=Id(done.parent_id), given_at=done.given_at, withdrawn_at=done.withdrawn_at
    )  # fmt: skip
