"""The audit log in GraphQL: for our audit administrator, and for the parent's while a consent is in force."""

import datetime as dt
from collections.abc import Mapping

import strawberry

from sync.contract.errors import Code, Refusal
from sync.contract.ids import Id
from sync.contract.instants import midnight
from sync.contract.visibility import Visible
from tenant_service.auditing import consent_service, listing, queries, service
from tenant_service.auditing.graphql_types import AuditBelow, AuditCheck, AuditConsent, AuditEntry, AuditFilter
from tenant_service.auditing.models import HeardConsentRow
from tenant_service.auditing.queries import Heard
from tenant_service.graph.context import Context, Info
from tenant_service.graph.inputs import plain
from tenant_service.graph.types import Home, shown
from tenant_service.identity.audit_log import consents as audit_consents
from tenant_service.identity.audit_log import listing as audit_listing
from tenant_service.identity.audit_log.consents import Consent
from tenant_service.identity.audit_log.listing import Entry, Wanted
from tenant_service.identity.policy import UseCase

PARENT, TENANT = Visible.PARENT, Visible.TENANT
MOST = 500


@strawberry.type
class AuditQuery:
    @shown(PARENT, "审计日志 of a committee, newest first, below number `before`; that somebody looked is an entry.")
    def audit_log(
        self, info: Info, id: Id, first: int = 100, before: int | None = strawberry.UNSET,
        where: AuditFilter | None = strawberry.UNSET,
    ) -> list[AuditEntry] | None:  # fmt: skip
        context = _of_ours(info.context, id)
        session, actor, directory = context.unit.session, context.actor, context.directory
        consent_service.looked(context.units, session, actor, directory, audit_listing.LOOK)
        wanted, most = _wanted(where or AuditFilter()), max(1, min(first, MOST))
        found = audit_listing.page(session, actor, wanted, before or None, most, directory)
        return [_entry(each, info.context.services.called) for each in found]

    @shown(PARENT, "审计校验: reads a committee's whole audit log.")
    def audit_check(self, info: Info, id: Id) -> AuditCheck | None:
        context = _of_ours(info.context, id)
        session, actor, directory = context.unit.session, context.actor, context.directory
        consent_service.looked(context.units, session, actor, directory, "audit.verify")
        return AuditCheck(**vars(consent_service.checked(session, actor, directory, context.services.keys)))

    @shown(TENANT, "下级审计: every committee right below, what is wrong first.", directives=[Home()])
    def audit_below(self, info: Info) -> list[AuditBelow]:
        context = info.context
        context.actor.require(UseCase.SEE_AUDIT_HEADS)
        session = context.unit.session
        left = consent_service.heard(session)
        found = queries.below(session, context.directory, context.actor.committee, context.unit.now)
        return [_below(each, left.get(each.committee_id)) for each in found]

    @shown(
        TENANT, "It stands in our log that the log of `of`, right below us, is about to be looked through or copied: "
        "ask this first. It opens nothing; that committee's consent does.", directives=[Home()],
    )  # fmt: skip
    def audit_look_below(self, info: Info, of: Id, *, copying: bool = False) -> AuditBelow:
        context = info.context
        session, us = context.unit.session, context.actor.committee
        with context.units.write() as unit:
            service.note_look_below(unit, context.actor, context.directory, of, is_copy=copying)
        found = queries.below(session, context.directory, us, context.unit.now)
        return _below(next(each for each in found if each.committee_id == of), consent_service.heard(session).get(of))


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


def _wanted(where: AuditFilter) -> Wanted:
    since, until = where.from_, where.to
    return Wanted(
        since=midnight(since) if since else None, before=midnight(until + dt.timedelta(days=1)) if until else None,
        who=(where.who,) if where.who else None, act=where.act, subject=where.subject,
    )  # fmt: skip


def _entry(each: Entry, called: Mapping[str, str]) -> AuditEntry:
    return AuditEntry(
        seq=each.seq, at=each.at, iss=each.iss, sub=each.sub, act=each.act, area=listing.area(each, called),
        subject=each.subject, chain=each.chain.hex(), digest=each.digest.hex() if each.digest else None,
        prior=each.prior.hex() if each.prior else None,
    )  # fmt: skip


def _below(each: Heard, left: HeardConsentRow | None) -> AuditBelow:
    last, broken = each.last, each.broken
    return AuditBelow(
        committee_id=Id(each.committee_id), state=each.code, broken_at=broken.broken_at if broken else None,
        last_seq=last.seq if last else None, signed_at=last.signed_at if last else None,
        heard_at=last.last_at if last else None, left_at=left.given_at if left else None,
    )  # fmt: skip
