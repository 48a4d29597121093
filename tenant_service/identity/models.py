"""Tables of accounts, browser sessions, applications, idempotency keys and the audit log; private."""

import datetime as dt
from typing import Any

from sqlalchemy import DDL, ForeignKey, Index, LargeBinary, Text, event, text
from sqlalchemy.orm import Mapped, mapped_column

from tenant_service.identity import audit_triggers
from tenant_service.identity.policy import Role
from tenant_service.storage.columns import Ascii, Row
from tenant_service.storage.personal import Personal, personal

_IN_FORCE = text("withdrawn_at IS NULL")
_OF_A_SESSION = "browser_session.digest"


class AccountRow(Row):
    """An account of this committee's own staff and members.

    Attributes:
        body_id: For which body of the committee's list its holder works.
        tokens_from: Tokens of its own that were issued before this moment are void.
        signed_in_at: When it was signed in last, in whatever way.
    """

    __tablename__ = "account"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    username: Mapped[str] = personal(Personal.NUMBER, Ascii, unique=True)
    name: Mapped[str] = personal(Personal.NAME)
    roles: Mapped[list[str]]
    person_id: Mapped[str | None] = personal(Personal.WHO, Ascii, index=True)
    body_id: Mapped[str | None] = personal(Personal.WORK, Ascii)
    password_hash: Mapped[str]
    must_change: Mapped[bool]
    is_open: Mapped[bool]
    tokens_from: Mapped[dt.datetime]
    signed_in_at: Mapped[dt.datetime | None]


class AccountActRow(Row):
    """What an administrator did to an account, and why, kept as long as the audit log, which has the digest of this.

    `given`, `withdrawn`: codes of roles; of `account.body`, ids of bodies.
    """

    __tablename__ = "account_act"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(index=True)
    sub: Mapped[str] = mapped_column(Ascii)
    act: Mapped[str] = mapped_column(Ascii)
    account_id: Mapped[str] = mapped_column(Ascii, index=True)
    given: Mapped[list[str]]
    withdrawn: Mapped[list[str]]
    reason: Mapped[str | None] = personal(Personal.TEXT)


class TriesRow(Row):
    """Failed tries to sign in under a name, whether there is such an account or not."""

    __tablename__ = "sign_in_tries"
    digest: Mapped[str] = mapped_column(Ascii, primary_key=True)
    failures: Mapped[int]
    failed_at: Mapped[dt.datetime] = mapped_column(index=True)
    locked_until: Mapped[dt.datetime | None]


class BrowserSessionRow(Row):
    """A browser that is signed in; the cookie's value is kept as a hash only.

    `address`, `agent`: where it was signed in, as its owner is shown; empty where nobody said.
    """

    __tablename__ = "browser_session"
    digest: Mapped[str] = mapped_column(Ascii, primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime] = mapped_column(index=True)
    csrf: Mapped[str]
    address: Mapped[str] = mapped_column(server_default="")
    agent: Mapped[str] = mapped_column(server_default="")


class LinkedSessionRow(Row):
    """Of which sign-in at another provider a browser's session came; it ends with the session.

    Attributes:
        sid: How the provider names its own session; empty: it does not.
        hint: Its ID token, which goes back to it when the user signs out; empty: it was too long for that.
    """

    __tablename__ = "linked_session"
    session_digest: Mapped[str] = mapped_column(ForeignKey(_OF_A_SESSION, ondelete="CASCADE"), primary_key=True)
    issuer: Mapped[str]
    subject: Mapped[str]
    sid: Mapped[str]
    hint: Mapped[str] = mapped_column(Text)
    __table_args__ = (
        Index("linked_session_by_subject", "issuer", "subject"),
        Index("linked_session_by_sid", "issuer", "sid"),
    )


class GatewayCodeRow(Row):
    """A single-use code by which a gateway redeems the sign-in of one browser."""

    __tablename__ = "gateway_code"
    digest: Mapped[str] = mapped_column(Ascii, primary_key=True)
    session_digest: Mapped[str] = mapped_column(ForeignKey(_OF_A_SESSION, ondelete="CASCADE"), index=True)
    gateway: Mapped[str] = mapped_column(Ascii)
    expires_at: Mapped[dt.datetime]


class GatewayGrantRow(Row):
    """A gateway that renews tokens for one signed-in browser; its handle is kept as a hash only."""

    __tablename__ = "gateway_grant"
    digest: Mapped[str] = mapped_column(Ascii, primary_key=True)
    session_digest: Mapped[str] = mapped_column(ForeignKey(_OF_A_SESSION, ondelete="CASCADE"), index=True)
    gateway: Mapped[str] = mapped_column(Ascii)


class ClientRow(Row):
    """An application that people sign in to through this committee (OAuth 2.1); it has no secret.

    Attributes:
        redirects: Addresses that a browser may be sent back to, compared letter by letter.
        scopes: What it may ask for.
        keys: Its public keys (a JWK set as JSON) by which it proves who it is; null: it cannot, and PKCE alone ties a
            code to whoever began.
        is_own: The committee's own, so nobody is asked for consent.
    """

    __tablename__ = "oauth_client"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    name: Mapped[str]
    redirects: Mapped[list[str]]
    scopes: Mapped[list[str]]
    keys: Mapped[str | None]
    is_own: Mapped[bool]
    created_at: Mapped[dt.datetime]


class GrantRow(Row):
    """What one account let one application do: the family of refresh tokens that came of one sign-in. Deleting it ends
    all of them, and the access tokens with them.
    """

    __tablename__ = "oauth_grant"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    client_id: Mapped[str] = mapped_column(ForeignKey("oauth_client.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    scope: Mapped[str]
    began_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)


class AuthorizationCodeRow(Row):
    """A single-use code, kept as a hash, and what was asked when it was given. `used_at`: it brought tokens, or should
    have; `grant_id`: those end when it comes again.
    """

    __tablename__ = "oauth_code"
    digest: Mapped[str] = mapped_column(Ascii, primary_key=True)
    client_id: Mapped[str] = mapped_column(ForeignKey("oauth_client.id", ondelete="CASCADE"), index=True)
    session_digest: Mapped[str] = mapped_column(ForeignKey(_OF_A_SESSION, ondelete="CASCADE"), index=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    redirect: Mapped[str]
    scope: Mapped[str]
    nonce: Mapped[str | None]
    challenge: Mapped[str]
    signed_in_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)
    used_at: Mapped[dt.datetime | None]
    grant_id: Mapped[str | None] = mapped_column(ForeignKey("oauth_grant.id", ondelete="CASCADE"), index=True)


class RefreshRow(Row):
    """One refresh token of a grant, kept as a hash. A used one stays, so that its coming again is noticed."""

    __tablename__ = "oauth_refresh"
    digest: Mapped[str] = mapped_column(Ascii, primary_key=True)
    grant_id: Mapped[str] = mapped_column(ForeignKey("oauth_grant.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]


class AssertionRow(Row):
    """A proof of an application or other provider that was used (`jti`, as a hash), kept while it could come again."""

    __tablename__ = "oauth_assertion"
    digest: Mapped[str] = mapped_column(Ascii, primary_key=True)
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)


class LinkRow(Row):
    """Which account somebody is whom another provider signs in; made by an administrator, never by a name or e-mail."""

    __tablename__ = "sign_in_link"
    issuer: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    linked_at: Mapped[dt.datetime]


class IdempotencyRow(Row):
    """The answer once given to a key, kept for 7 days."""

    __tablename__ = "idempotency_key"
    iss: Mapped[str] = mapped_column(Ascii, primary_key=True)
    sub: Mapped[str] = mapped_column(Ascii, primary_key=True)
    key: Mapped[str] = mapped_column(Ascii, primary_key=True)
    digest: Mapped[str] = mapped_column(Ascii)
    answer: Mapped[bytes] = mapped_column(LargeBinary)
    kept_until: Mapped[dt.datetime] = mapped_column(index=True)


class DisclosureRow(Row):
    """That personal data was shown or taken out: written before it was, kept as long as the audit log.

    Attributes:
        subject: Whose; of a list the committee's own id.
        field: Which field was revealed.
        reason: What was typed; null: nothing, or it was erased with the person it speaks of.
    """

    __tablename__ = "disclosure"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(index=True)
    iss: Mapped[str] = mapped_column(Ascii)
    sub: Mapped[str] = mapped_column(Ascii)
    act: Mapped[str] = mapped_column(Ascii)
    subject: Mapped[str] = personal(Personal.WHO, Ascii, index=True)
    field: Mapped[str | None] = mapped_column(Ascii)
    purpose: Mapped[str | None] = mapped_column(Ascii)
    reason: Mapped[str | None] = personal(Personal.TEXT)
    rows: Mapped[int]


class PersonalReadRow(Row):
    """How many rows of personal data an account was shown on a day, Asia/Shanghai."""

    __tablename__ = "personal_read"
    iss: Mapped[str] = mapped_column(Ascii, primary_key=True)
    sub: Mapped[str] = mapped_column(Ascii, primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    rows: Mapped[int]


class PersonalListRow(Row):
    """How many people of one activity's list an account was shown on a day; `personal_read` has counted them."""

    __tablename__ = "personal_list_read"
    iss: Mapped[str] = mapped_column(Ascii, primary_key=True)
    sub: Mapped[str] = mapped_column(Ascii, primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    list_id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    rows: Mapped[int]


class AuditEndRow(Row):
    """Where the audit log ends: one row, which whoever appends holds until the commit."""

    __tablename__ = "audit_end"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    chain: Mapped[bytes] = mapped_column(LargeBinary)


class AuditRow(Row):
    """One entry of the audit log: ids only, chained by hashes, never changed.

    `digest`: of what is kept beside it, such as a typed reason.
    """

    __tablename__ = "audit_entry"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime]
    iss: Mapped[str] = mapped_column(Ascii)
    sub: Mapped[str] = mapped_column(Ascii)
    act: Mapped[str] = mapped_column(Ascii)
    subject: Mapped[str] = mapped_column(Ascii)
    chain: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    __table_args__ = (
        Index("audit_by_subject", "subject", "seq"),
        Index("audit_by_time", "at"),
        Index("audit_by_actor", "sub", "seq"),
    )


class AuditSegmentRow(Row):
    """One month of the audit log that is over: which entries, the chain before and after them, and its signed head.

    `at`: when it was signed. `dropped_at`: when its entries were kept no longer; the head stays.
    """

    __tablename__ = "audit_segment"
    month: Mapped[str] = mapped_column(Ascii, primary_key=True)
    first_seq: Mapped[int]
    last_seq: Mapped[int]
    before: Mapped[bytes] = mapped_column(LargeBinary)
    chain: Mapped[bytes] = mapped_column(LargeBinary)
    head: Mapped[str] = mapped_column(Text)
    at: Mapped[dt.datetime]
    dropped_at: Mapped[dt.datetime | None]


class AuditToldRow(Row):
    """A head of the audit log that was told to the parent: of which entry, when last, and as which version."""

    __tablename__ = "audit_told"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime]
    version: Mapped[int]


class AuditConsentRow(Row):
    """委托审计: this committee's consent that its parent's audit administrators read its audit log; revocable.

    Attributes:
        given_by, withdrawn_by: Accounts.
        told: Which version the parent was told: 0 none, 1 that it was given, 2 that it was withdrawn.
    """

    __tablename__ = "audit_consent"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    parent_id: Mapped[str] = mapped_column(Ascii)
    given_at: Mapped[dt.datetime]
    given_by: Mapped[str] = mapped_column(Ascii)
    reason: Mapped[str] = mapped_column(Text)
    withdrawn_at: Mapped[dt.datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(Ascii)
    withdrawn_reason: Mapped[str | None] = mapped_column(Text)
    told: Mapped[int]
    __table_args__ = (
        Index("audit_consent_in_force", text("(withdrawn_at IS NULL)"), unique=True, sqlite_where=_IN_FORCE,
              postgresql_where=_IN_FORCE),
    )  # fmt: skip


class DeputyRow(Row):
    """授权: an account signs on a leader's behalf from one day to another.

    Attributes:
        uses: Codes of what may be signed; empty: all that is signed.
        given_by, revoked_by: Accounts.
    """

    __tablename__ = "deputy"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    account_id: Mapped[str] = mapped_column(Ascii, index=True)
    uses: Mapped[list[str]]
    behalf: Mapped[Role]
    since: Mapped[dt.date]
    until: Mapped[dt.date]
    given_by: Mapped[str] = mapped_column(Ascii)
    given_at: Mapped[dt.datetime]
    reason: Mapped[str] = mapped_column(Text)
    revoked_at: Mapped[dt.datetime | None]
    revoked_by: Mapped[str | None] = mapped_column(Ascii)
    revoked_reason: Mapped[str | None] = mapped_column(Text)


_ddl: Any = DDL
for _table in audit_triggers.TABLES:
    for _when, _by_dialect in (
        ("after_create", audit_triggers.made(_table)), ("after_drop", audit_triggers.dropped(_table))
    ):  # fmt: skip
        for _dialect, _statements in _by_dialect.items():
            for _statement in _statements:
                event.listen(Row.metadata.tables[_table], _when, _ddl(_statement).execute_if(dialect=_dialect))
