"""A member who went abroad and is erased at home is erased at the host: the request there, and the name on its list."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from sync.contract.channels import Scope, Share
from sync.contract.shapes.activities import ActivityKind
from sync.contract.shapes.members import MembershipEnding
from sync.contract.shapes.requests import RequestKind
from tenant_service.activities import service as activities
from tenant_service.activities.service import Draft
from tenant_service.attendance import asking_service
from tenant_service.attendance.models import ParticipationRow, SeenParticipationRow
from tenant_service.exchange.models import AlarmRow, DeadLetterRow, FollowedRow, FollowedState, ReceivedRow
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


def signed_up(home: Committee, host: Committee) -> str:
    """Somebody of the home's stands on the host's list, and the home has heard of it; their id."""
    directory = host.trust.directory
    with host.units.write() as unit:
        draft = Draft("联合视察", ActivityKind.INSPECTION, unit.now + dt.timedelta(days=7), "太浦河")
        made = activities.draft(unit, office(COUNTY), directory, draft, [Share(Scope.OPEN)])
        activities.submit(unit, office(COUNTY), made.id)
        activities.sign_off(unit, office(COUNTY), made.id, unclassified=True)
    with home.units.write() as unit:
        person = members.add_person(unit, office(PARTNER), PersonDraft(NAME)).id
        asked = Asked(RequestKind.SIGN_UP, made.id, person, text=f"{NAME}愿往")
        asking_service.ask(unit, office(PARTNER), {}, asked)
    carry(home, host)
    assert requests.answer_next(host.units, asking_service.HANDLERS)
    carry(host, home)
    assert [row.name for row in host.rows(ParticipationRow)] == [NAME]
    return person


def test_the_name_goes_from_the_hosts_list_and_presence_stays(pair: tuple[Committee, Committee]) -> None:
    home, host = pair
    person = signed_up(home, host)
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


@pytest.mark.parametrize("then", [FollowedState.FROZEN, FollowedState.REMOVED])
def test_who_may_no_longer_exchange_keeps_no_sealed_byte_and_no_name(
    pair: tuple[Committee, Committee], then: FollowedState
) -> None:
    home, host = pair
    person = signed_up(home, host)
    part_ways(home, host, then)
    assert not [each for each in everywhere(host.engine) if NAME.encode() in each]
    for committee in pair:
        assert not [row.log for row in committee.rows(ReceivedRow) if "/x_" in row.log]
        assert not committee.rows(DeadLetterRow)
    [row] = host.rows(ParticipationRow)
    assert (row.name, row.person_id, row.state.value) == ("（已删除）", person, "REGISTERED")
    own = [(each.person_id, each.state.value) for each in home.rows(SeenParticipationRow)]
    assert own == ([(person, "REGISTERED")] if then is FollowedState.FROZEN else []), "what is told of our own people"


def test_bytes_that_an_earlier_release_kept_go_when_what_is_followed_is_derived_anew(
    pair: tuple[Committee, Committee],
) -> None:
    home, host = pair
    signed_up(home, host)
    left = [log for log in host.trust.directory.follows(COUNTY) if "/x_" not in log]
    with host.units.write() as unit:
        for row in unit.session.scalars(select(FollowedRow)):
            row.state = row.state if row.log in left else FollowedState.FROZEN
    assert [row.log for row in host.rows(ReceivedRow) if "/x_" in row.log]
    host.inbox.entitle(left)
    assert not [each for each in everywhere(host.engine) if NAME.encode() in each]
    assert not [row.log for row in host.rows(ReceivedRow) if "/x_" in row.log]


def test_who_exchanges_again_reads_it_anew_with_the_holes_of_what_was_erased_meanwhile(
    pair: tuple[Committee, Committee],
) -> None:
    home, host = pair
    person = signed_up(home, host)
    part_ways(home, host, FollowedState.FROZEN)
    with home.units.write() as unit:
        members.part_with(unit, office(PARTNER), person, MembershipEnding.RESIGNED, unit.now.date())
        service.erase(unit, office(PARTNER), person, "SUBJECT")
    home.world.members = [COUNTY, PARTNER]
    for committee in pair:
        committee.again()
    carry(home, host)
    carry(host, home)
    for committee in pair:
        assert not [each for each in everywhere(committee.engine) if NAME.encode() in each], committee.id
        assert not committee.rows(AlarmRow)
    assert host.inbox.reading(f"{PARTNER}/x_{COUNTY}").head.seq == home.head(f"x_{COUNTY}").seq
    assert [each.person_id for each in home.rows(SeenParticipationRow)] == [person]


def part_ways(home: Committee, host: Committee, then: FollowedState) -> None:
    """The mechanism that joined the two is no more."""
    home.world.members = [COUNTY]
    for committee in (home, host):
        committee.trust.directory = committee.world.directory()
        committee.inbox.entitle(committee.trust.directory.follows(committee.id), then)
