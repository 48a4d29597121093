"""What is done with one person's data: revealed, handed to its subject, erased. One function, one use case."""

import datetime as dt
from dataclasses import dataclass

from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import kind_of
from tenant_service.identity import disclosures, quotas, reasons
from tenant_service.identity.actor import Actor
from tenant_service.identity.disclosures import Purpose, Told
from tenant_service.identity.policy import UseCase
from tenant_service.members import queries as members
from tenant_service.personal_data import queries, rules
from tenant_service.personal_data.rules import MaskedField
from tenant_service.rooms import MASKED
from tenant_service.storage.unit_of_work import Unit

_USES = {name: masked.use for name, masked in MASKED.items()}
"""Kind of record → who may have what is masked of it shown."""


@dataclass(frozen=True)
class Noted:
    """That something is about to be shown stands under this id in the register and in the audit log."""

    disclosure: str


@dataclass(frozen=True)
class Revealed:
    """What stands in one field; None: nothing does. `until`: how long it may be looked at again."""

    id: str
    field: MaskedField
    value: str | None
    until: dt.datetime


def reveal(unit: Unit, actor: Actor, id: str, field: str, told: Told, most: int) -> Noted:
    """It stands in the register and the log that one field of a person, or of a record's contact, is about to be seen,
    and it counts as one row. Only who comes back with its id sees it, for some minutes (`revealed`).

    Raises:
        Refusal: FORBIDDEN, BAD_ID, NOT_FOUND; BAD_VALUE, no such field; PURPOSE_NEEDED; NEEDS_REASON, CLASSIFIED;
            QUOTA_REACHED.
    """
    require_revealing(actor, id)
    masked = rules.masked(queries.MASKED, id, field)
    queries.standing(unit.session, id, masked)
    noted = Noted(disclosures.reveal(unit, actor, id, masked.value, told))
    quotas.add(unit, actor, 1, most)
    return noted


def revealed(unit: Unit, actor: Actor, disclosure: str, id: str) -> Revealed | None:
    """The field that was revealed to this account of this record, and what stands in it now; None: nothing was, or not
    to this account, or it is over, or the account may not see it any more.
    """
    row = disclosures.shown_again(unit.session, actor, disclosure, unit.now)
    if row is None or row.subject != id:
        return None
    field = rules.masked(queries.MASKED, id, row.field or "")
    if not actor.may(_USES[kind_of(id)]):
        return None
    return Revealed(id, field, queries.standing(unit.session, id, field), row.at + disclosures.SHOWN_FOR)


def require_revealing(actor: Actor, id: str) -> None:
    """Who may have nothing shown at all is told so before anything is looked at. Raises: Refusal FORBIDDEN."""
    if not any(map(actor.may, _USES.values())):
        actor.require(UseCase.HANDLE_PERSONAL)
    if use := _USES.get(kind_of(id)):
        actor.require(use)


def note_export(unit: Unit, actor: Actor, id: str, told: Told, most: int) -> None:
    """Before everything about one person is handed out: to that person, or for a purpose.

    Raises:
        Refusal: FORBIDDEN, BAD_ID, NOT_FOUND; PURPOSE_NEEDED, NEEDS_REASON; QUOTA_REACHED.
    """
    queries.subject(unit.session, actor, id)
    own = actor.person == id
    if not own and Purpose.known(told.purpose):  # the file shows what pages mask: it needs what `reveal` does
        reasons.checked(told.reason)
    disclosures.export(
        unit, actor, "personal.export", id, Told(purpose=Purpose.SUBJECT.value) if own else told, 1
    )  # fmt: skip
    if not own:
        quotas.add(unit, actor, 1, most)


@dataclass(frozen=True)
class Erased:
    """What came of it: how many rows were changed."""

    rows: int


def erase(unit: Unit, actor: Actor, id: str, purpose: str) -> Erased:
    """Who the person was stands nowhere in this committee's tables any more; memberships and presence stay counted
    under the pseudonym. What others were told of it is erased there as well. It cannot be taken back.

    Raises:
        Refusal: FORBIDDEN, BAD_ID, NOT_FOUND; PURPOSE_NEEDED; OUT_OF_TURN, the person has not left;
            LAST_ADMINISTRATOR.
    """
    actor.require(UseCase.ERASE_PERSON)
    queries.subject(unit.session, actor, id)
    return _erase(unit, actor, id, purpose)


def erase_over(unit: Unit, actor: Actor, id: str) -> Erased:
    """The same, of somebody whom the settings say to keep no longer; `actor`: this machine's.

    Raises:
        Refusal: OUT_OF_TURN, LAST_ADMINISTRATOR.
    """
    return _erase(unit, actor, id, Purpose.LAWFUL.value)


def _erase(unit: Unit, actor: Actor, id: str, purpose: str) -> Erased:
    whom = queries.one(unit.session, id)
    if members.locked_person(unit.session, id).left_on is None:
        raise Refusal(Code.OUT_OF_TURN, now=Said("尚未离任", "STILL_HERE"))
    contacts = queries.contacts_in(queries.gathered(unit.session, whom))
    rows = sum(holder.erase(unit, whom) for holder in queries.HOLDERS)
    disclosures.forget_words(unit.session, contacts)
    disclosures.export(unit, actor, "personal.erase", id, Told(purpose=purpose), rows)
    return Erased(rows)
