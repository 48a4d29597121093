"""Phones of contacts, as other rooms keep them beside their records: who is shown the whole number."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_service.identity import masks
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.members import queries
from tenant_service.members.models import PersonRow


def phone(session: Session, actor: Actor, told: str | None, day: dt.date) -> str | None:
    """An office's number, and one that the actor finds in the address book or that is the actor's own, as it stands;
    any other is a person's and is masked.
    """
    if not told or masks.is_office(told):
        return told
    same = select(PersonRow.id).where(PersonRow.work_phone == told)
    whose = session.scalars(same).all()
    is_own = actor.is_home and actor.person in whose
    is_in_book = actor.may(UseCase.SEE_MEMBERS) and bool(queries.seated(session, whose, day))
    return told if is_own or is_in_book else masks.phone(told)
