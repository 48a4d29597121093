"""Phones of contacts, as other rooms keep them beside their records: who is shown the whole number."""

from sqlalchemy import select

from sync.contract.instants import day_of
from tenant_service.identity import masks
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.members import queries
from tenant_service.members.models import PersonRow
from tenant_service.storage.unit_of_work import Unit


def phone(unit: Unit, actor: Actor, told: str | None) -> str | None:
    """An office's number, and one that the actor finds in the address book or that is the actor's own, as it stands;
    any other is a person's and is masked.
    """
    if not told or masks.is_office(told):
        return told
    same = select(PersonRow.id).where(PersonRow.work_phone == told)
    whose = unit.session.scalars(same).all()
    is_own = actor.is_home and actor.person in whose
    is_in_book = actor.may(UseCase.SEE_MEMBERS) and bool(queries.seated(unit.session, whose, day_of(unit.now)))
    return told if is_own or is_in_book else masks.phone(told)
