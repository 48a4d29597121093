"""What is done with one person's data: revealed, handed to its subject, erased. One function, one use case."""

from dataclasses import dataclass

from sync.contract.errors import Code, Refusal, Said
from tenant_service.identity import disclosures, quotas
from tenant_service.identity.actor import Actor
from tenant_service.identity.disclosures import Purpose, Told
from tenant_service.identity.policy import UseCase
from tenant_service.members import queries as members
from tenant_service.personal_data import queries
from tenant_service.storage.unit_of_work import Unit

REVEALED = ("work_phone", "birth_month")
"""Fields of a person that are masked, and shown one by one."""


def reveal(unit: Unit, actor: Actor, id: str, field: str, reason: str) -> str:
    """It stands in the register and the log that one field is about to be seen; the register's id, by which this
    account sees it for some minutes (`revealed`).

    Raises:
        Refusal: FORBIDDEN, BAD_ID, NOT_FOUND; BAD_VALUE, no such field; NEEDS_REASON, CLASSIFIED; QUOTA_REACHED.
    """
    actor.require(UseCase.HANDLE_PERSONAL)
    queries.subject(unit.session, actor, id)
    if field not in REVEALED:
        raise Refusal(Code.BAD_VALUE, field="field", why=Said("请从列表选择", "choose from the list"))
    return disclosures.reveal(unit, actor, id, field, Told(reason))


def revealed(unit: Unit, actor: Actor, disclosure: str, id: str) -> tuple[str, str | None] | None:
    """The field that was revealed to this account of this person, and what stands in it; None: nothing was."""
    row = disclosures.shown_again(unit.session, actor, disclosure, unit.now)
    if row is None or row.subject != id or row.field not in REVEALED:
        return None
    return row.field, getattr(members.locked_person(unit.session, id), row.field)


def note_export(unit: Unit, actor: Actor, id: str, told: Told, most: int) -> None:
    """Before everything about one person is handed out: to that person, or for a purpose.

    Raises:
        Refusal: FORBIDDEN, BAD_ID, NOT_FOUND; PURPOSE_NEEDED, NEEDS_REASON; QUOTA_REACHED.
    """
    queries.subject(unit.session, actor, id)
    own = actor.person == id
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
    rows = sum(holder.erase(unit, whom) for holder in queries.HOLDERS)
    disclosures.export(unit, actor, "personal.erase", id, Told(purpose=purpose), rows)
    return Erased(rows)
