"""Short ways to do an act of this room in a test, and to see that a refused one left no trace."""

from collections.abc import Callable
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.members import MembershipKind, UnitKind, UnitRecord
from tenant_service.identity.actor import Actor
from tenant_service.members import membership_service as memberships
from tenant_service.members import service, unit_service
from tenant_service.members.membership_service import MembershipDraft
from tenant_service.members.service import PersonDraft
from tenant_service.members.unit_service import UnitDraft
from tenant_service.storage.paging import Page
from tenant_service.storage.unit_of_work import Unit, Units
from tests.tenant_service import places

T = TypeVar("T")


def act(units: Units, do: Callable[[Unit], T]) -> T:
    with units.write() as unit:
        return do(unit)


def look(units: Units, ask: Callable[[Any], T]) -> T:
    """What a question about the database is answered with; a page is read, because it reads when it is asked."""
    with units.read() as unit:
        found = ask(unit.session)
        if isinstance(found, Page):
            assert len(found.rows) <= found.size
        return found


def everything(engine: Engine) -> dict[str, list[str]]:
    """Every row of every table, the outbox and the audit log included."""
    with engine.connect() as connection:
        tables = sa.inspect(connection).get_table_names()
        return {table: sorted(map(str, connection.execute(sa.text(f'SELECT * FROM "{table}"')))) for table in tables}


def refused(units: Units, code: Code, do: Callable[[Unit], Any]) -> Refusal:
    """The act is refused with this code, and nothing has changed or was published."""
    before = everything(units.engine)
    with pytest.raises(Refusal) as told:
        act(units, do)
    assert told.value.code is code
    assert everything(units.engine) == before
    return told.value


def new_unit(
    units: Units, clerk: Actor, name: str, kind: UnitKind, parent: str | None = None, **more: Any
) -> UnitRecord:
    draft = UnitDraft(name, kind, parent_id=parent, **more)
    return act(units, lambda at: unit_service.add_unit(at, clerk, places.directory(), draft, []))


def new_person(units: Units, clerk: Actor, name: str, **more: Any) -> str:
    return act(units, lambda at: service.add_person(at, clerk, PersonDraft(name, **more))).id


def placed(units: Units, clerk: Actor, person: str, unit: str, kind: MembershipKind = MembershipKind.MEMBER) -> str:
    draft = MembershipDraft(kind, person_id=person, unit_id=unit)
    return act(units, lambda at: memberships.place(at, clerk, draft)).id


def seated(units: Units, clerk: Actor, person: str, title: str = "委员", **more: Any) -> str:
    """A seat in the committee, decided by a meeting in spring."""
    draft = MembershipDraft(MembershipKind.MEMBER, person_id=person, title=title, **more)
    proposed = act(units, lambda at: memberships.propose(at, clerk, draft))
    decision = memberships.Decision("县政协十届一次会议", places.SPRING.date())
    return act(units, lambda at: memberships.confirm(at, clerk, proposed.id, decision)).id


def idle(_session: Any, _body: str) -> list[str]:
    """A body that has nothing in hands."""
    return []
