"""What administrators do to accounts beside what `identity` knows by itself."""

from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import kind_of, owner_of
from tenant_service.administration import queries
from tenant_service.administration.queries import Wanted
from tenant_service.identity import accounts, disclosures
from tenant_service.identity.accounts import Account, Draft
from tenant_service.identity.actor import Actor
from tenant_service.identity.disclosures import Told
from tenant_service.identity.policy import UseCase
from tenant_service.members import queries as members
from tenant_service.storage.unit_of_work import Unit


def open_account(unit: Unit, actor: Actor, draft: Draft, password_hash: str, reason: str) -> Account:
    """开通: the account can sign in, and may do nothing until somebody gives it roles.

    Raises:
        Refusal: as `accounts.create`; BAD_VALUE, the account is to belong to nobody of our list.
    """
    actor.require(UseCase.MANAGE_ACCOUNTS)
    if draft.person is not None and not _is_ours(unit, draft.person):
        why = Said("名册中没有此人", "nobody on the list has this id")
        raise Refusal(Code.BAD_VALUE, field="person", why=why)
    return accounts.create(unit, actor, draft, password_hash, reason=reason)


def note_export(unit: Unit, actor: Actor, wanted: Wanted, told: Told) -> None:
    """It stands in the register and in the audit log that names are about to be taken out, and what for.

    Raises:
        Refusal: FORBIDDEN, PURPOSE_NEEDED, NEEDS_REASON, BAD_VALUE, CLASSIFIED.
    """
    rows = len(queries.listed(unit, actor, wanted))
    disclosures.export(unit, actor, "account.export", unit.committee, told, rows)


def _is_ours(unit: Unit, person: str) -> bool:
    is_id = kind_of(person) == "person" and owner_of(person) == unit.committee
    return is_id and members.person(unit.session, person) is not None
