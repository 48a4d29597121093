"""A member who went abroad and is erased at home is erased at the host: the request there, and the name on its list."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from sync.contract.activities import ActivityKind
from sync.contract.channels import Scope, Share
from sync.contract.members import MembershipEnding
from sync.contract.requests import RequestKind
from tenant_service.activities import service as activities
from tenant_service.activities.service import Draft
from tenant_service.attendance import service as attendance
from tenant_service.attendance.models import ParticipationRow
from tenant_service.exchange.models import ReceivedRow
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.members import service as members
from tenant_service.members.service import PersonDraft
from tenant_service.personal_data import service
from tenant_service.requests import service as requests
from tenant_service.requests.models import IncomingRow
from tenant_service.requests.service import Asked
from tenant_service.rooms import projections
from tenant_service.storage.engine import open_engine
from tests.tenant_service.exchange.committees import COUNTY, PARTNER, Committee, World, carry, everywhere

NAME = "司徒金丝雀"


@pytest.fixture
def pair(engine: Engine, tmp_path: Path) -> Iterator[tuple[Committee, Committee]]:
    """The member's home, and the host of an activity."""
    world, beside = World(), open_engine(f"sqlite:///{tmp_path / 'home.db'}")
    told = projections(world.directory)
    yield Committee(world, PARTNER, beside, told), Committee(world, COUNTY, engine, told)
    beside.dispose()


def office(committee: str) -> Actor:
    return Actor(committee, committee, "office", roles=frozenset({Role.SECRETARY}))


def test_the_name_goes_from_the_hosts_list_and_presence_stays(pair: tuple[Committee, Committee]) -> None:
    home, host = pair
    directory = host.trust.directory
    with host.units.write() as unit:
        draft = Draft("联合视察", ActivityKind.INSPECTION, unit.now + dt.timedelta(days=7), "太浦河")
        made = activities.draft(unit, office(COUNTY), directory, draft, [Share(Scope.OPEN)])
        activities.submit(unit, office(COUNTY), made.id)
        activities.sign_off(unit, office(COUNTY), made.id, unclassified=True)
    with home.units.write() as unit:
        person = members.add_person(unit, office(PARTNER), PersonDraft(NAME)).id
        asked = Asked(RequestKind.SIGN_UP, made.id, person, text=f"{NAME}愿往")
        attendance.ask(unit, office(PARTNER), {}, asked)
    carry(home, host)
    assert requests.answer_next(host.units, attendance.HANDLERS)
    carry(host, home)
    assert [row.name for row in host.rows(ParticipationRow)] == [NAME]

    with home.units.write() as unit:
        members.part_with(unit, office(PARTNER), person, MembershipEnding.RESIGNED, unit.now.date())
        service.erase(unit, office(PARTNER), person, "SUBJECT")
    carry(home, host)

    for committee in pair:
        assert not [each for each in everywhere(committee.engine) if NAME.encode() in each], committee.id
    [row] = host.rows(ParticipationRow)
    assert (row.name, row.person_id, row.state.value) == ("（已删除）", person, "REGISTERED")
    [request] = host.rows(IncomingRow)
    assert (request.person_name, request.text, request.answered_at is None) == (None, None, False)
    bodies = [row.body for row in host.rows(ReceivedRow) if row.log == f"{PARTNER}/x_{COUNTY}"]
    assert sum(b'"put"' in body for body in bodies) == 0, "what was sealed to the host is a hole"
