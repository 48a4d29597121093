"""What can be asked about audit logs: entries, checks, consents, and how those of committees below stand."""

import datetime as dt

import strawberry

from sync.contract.ids import Id
from sync.contract.visibility import Visible, visible
from tenant_service.auditing.rules import BelowState
from tenant_service.graph.types import contract_enum
from tenant_service.identity.audit_log.checking import Fault

PARENT, TENANT = Visible.PARENT, Visible.TENANT
for each in (BelowState, Fault):
    contract_enum(each)


@strawberry.type(description="审计条目: one entry of an audit log, with what proves it.")
class AuditEntry:
    seq: int = visible(PARENT, "Number.")
    at: dt.datetime = visible(PARENT, "When.")
    iss: str = visible(PARENT, "Home of who did it.")
    sub: str = visible(PARENT, "Account there.")
    act: str = visible(PARENT, "What was done.")
    area: str = visible(PARENT, "What the act is about, in Chinese.")
    subject: str = visible(PARENT, "Id of the record it was done to.")
    digest: str | None = visible(PARENT, "Of what is kept beside it, in hex.")
    chain: str = visible(PARENT, "Chain after it, in hex.")
    prior: str | None = visible(PARENT, "Chain before it, in hex; null: that entry is kept no longer.")


@strawberry.input(description="Which entries; everything given must hold.")
class AuditFilter:
    who: str = strawberry.field(default="", description="Id of the account that did it.")
    act: str = strawberry.field(default="", description="What was done, or what that begins with: `account`.")
    subject: str = strawberry.field(default="", description="Id of the record it was done to.")
    from_: dt.date | None = strawberry.field(default=None, name="from", description="First day, in Asia/Shanghai.")
    to: dt.date | None = strawberry.field(default=None, description="Last day.")


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


@strawberry.type(description="下级审计: how the audit log of a committee right below stands, as its heads tell.")
class AuditBelow:
    committee_id: Id = visible(TENANT, "Whose log.")
    state: BelowState = visible(TENANT, "How it stands.")
    broken_at: int | None = visible(TENANT, "Number of the first entry that is wrong; null: none is.")
    last_seq: int | None = visible(TENANT, "Number of the last entry that was told; null: no head was ever heard.")
    signed_at: dt.datetime | None = visible(TENANT, "When the last head was signed there.")
    heard_at: dt.datetime | None = visible(TENANT, "When a head was heard last.")
    left_at: dt.datetime | None = visible(
        TENANT, "Since when it leaves its audit to us, as far as we have heard; null: it does not."
    )
