"""What administrators do to accounts beside what `identity` knows by itself."""

from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import kind_of, owner_of
from sync.contract.instants import day_of
from tenant_service.administration import queries
from tenant_service.administration.queries import Wanted
from tenant_service.identity import accounts, disclosures
from tenant_service.identity.accounts import Account, Draft
from tenant_service.identity.actor import Actor
from tenant_service.identity.disclosures import Told
from tenant_service.identity.policy import FOR_A_BODY, Role, UseCase
from tenant_service.members import posting_queries as bodies
from tenant_service.members import queries as members
from tenant_service.storage.unit_of_work import Unit


def open_account(unit: Unit, actor: Actor, draft: Draft, password_hash: str, reason: str) -> Account:
    """开通: the account can sign in, and may do nothing until somebody gives it roles.

    Raises:
        Refusal: as `accounts.create`; BAD_VALUE, the account is to belong to nobody of our list, or its holder to work
            for no body of it; BODY_CLOSED.
    """
    actor.require(UseCase.MANAGE_ACCOUNTS)
    if draft.person is not None and not _is_ours(unit, draft.person):
        why = Said("名册中没有此人", "nobody on the list has this id")
        raise Refusal(Code.BAD_VALUE, field="person", why=why)
    if draft.body is not None:
        _refuse_ended(unit, draft.body)
    return accounts.create(unit, actor, draft, password_hash, reason=reason)


def give_roles(unit: Unit, actor: Actor, id: str, roles: frozenset[Role], reason: str) -> Account:
    """授予、收回角色: as `accounts.give_roles`; a role that is nothing without a body is given for one that stands, and
    that of a coordinator for one that the office listed as assigning.

    Raises:
        Refusal: as `accounts.give_roles`; BODY_CLOSED, BODY_ASSIGNS_NOTHING.
    """
    actor.require(UseCase.GIVE_ROLES)
    account = accounts.by_id(unit, id)
    given = roles - account.roles if account is not None else frozenset[Role]()
    if account is not None and account.body is not None and given & FOR_A_BODY:
        _refuse_ended(unit, account.body)
        if Role.COORDINATOR in given:
            _refuse_idle(unit, account.body)
    return accounts.give_roles(unit, actor, id, roles, reason)


def give_body(unit: Unit, actor: Actor, id: str, body: str | None, reason: str) -> Account:
    """变更所属单位: the account's holder works for this body of our list; None: for none.

    Raises:
        Refusal: as `accounts.give_body`; BAD_VALUE, our list has no such body; BODY_CLOSED,
            BODY_ASSIGNS_NOTHING.
    """
    actor.require(UseCase.GIVE_ROLES)
    account = accounts.by_id(unit, id)
    if body is not None:
        _refuse_ended(unit, body)
        if account is not None and Role.COORDINATOR in account.roles:
            _refuse_idle(unit, body)
    return accounts.give_body(unit, actor, id, body, reason)


def body_named(unit: Unit, told: str) -> str:
    """The id of a body of our list that is called so; what is its id already. Raises: Refusal BAD_VALUE."""
    id = told if kind_of(told) == "body" else bodies.named(unit.session, [told]).get(told)
    if id is None:
        raise _no_body()
    return id


def note_export(unit: Unit, actor: Actor, wanted: Wanted, told: Told) -> None:
    """It stands in the register and in the audit log that names are about to be taken out, and what for.

    Raises:
        Refusal: FORBIDDEN, PURPOSE_NEEDED, NEEDS_REASON, BAD_VALUE, CLASSIFIED.
    """
    rows = len(queries.listed(unit, actor, wanted))
    disclosures.export(unit, actor, "account.export", unit.committee, told, rows)


def _refuse_ended(unit: Unit, body: str) -> None:
    """Nothing, where this body is on our list today; it stays there until the act is over.

    Raises:
        Refusal: BAD_VALUE, BODY_CLOSED.
    """
    if kind_of(body) != "body" or members.body(unit.session, body) is None:
        raise _no_body()
    row = members.locked_body(unit.session, body)
    if row.until is not None and row.until < day_of(unit.now):
        raise Refusal(Code.BODY_CLOSED, field="bodyId", body=row.name, until=row.until.isoformat())


def _refuse_idle(unit: Unit, body: str) -> None:
    """Raises: Refusal BODY_ASSIGNS_NOTHING, the office has not listed this body as one that assigns."""
    row = members.locked_body(unit.session, body)
    if not row.coordinates:
        raise Refusal(Code.BODY_ASSIGNS_NOTHING, body=row.name)


def _no_body() -> Refusal:
    why = Said("单位名录中没有此单位", "no such body is on the list")
    return Refusal(Code.BAD_VALUE, field="bodyId", why=why)


def _is_ours(unit: Unit, person: str) -> bool:
    is_id = kind_of(person) == "person" and owner_of(person) == unit.committee
    return is_id and members.person(unit.session, person) is not None
