"""What applications hold of an account: each secret counts once, on both databases, also when two bring it at once."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from sync.contract.errors import Refusal
from tenant_service.identity import accounts, clients, grants, sessions
from tenant_service.identity.clients import Draft
from tenant_service.identity.grants import Lives, Offer
from tenant_service.identity.models import AuditRow, AuthorizationCodeRow
from tenant_service.storage.unit_of_work import Unit, Units
from tests.tenant_service.identity.conftest import People
from tests.tenant_service.places import JIASHAN, Clock

LIVES = Lives()


@pytest.fixture
def offer(units: Units, people: People) -> Offer:
    """What the clerk lets an application do."""
    with units.write() as unit:
        client = clients.register(unit, accounts.console(JIASHAN), Draft("应用", ("https://a.example/back",)))
        cookie = sessions.begin(unit, people.clerk.id)
        return Offer(
            client.id, sessions.digest(cookie), people.clerk.id, "https://a.example/back", "openid", None, "c" * 43,
            unit.now,
        )  # fmt: skip


def code_of(units: Units, offer: Offer) -> str:
    with units.write() as unit:
        return grants.offer(unit, offer)


def held(units: Units, offer: Offer) -> tuple[str, str]:
    """A family, and its first refresh token."""
    code = code_of(units, offer)
    with units.write() as unit:
        redeemed = grants.redeem(unit, code, offer.client)
        assert redeemed
        grant = grants.begin(unit, redeemed, LIVES)
        return grant.id, grants.refresh_token(unit, grant.id, LIVES)


def lives(units: Units, id: str) -> bool:
    with units.read() as unit:
        return grants.by_id(unit, id) is not None


def test_a_code_is_used_up_by_whoever_it_was_given_to_and_comes_back_never(units: Units, offer: Offer) -> None:
    code = code_of(units, offer)
    for client, found in (("330421.client.0", False), (offer.client, True), (offer.client, False)):
        with units.write() as unit:
            assert (grants.redeem(unit, code, client) is not None) is found


def test_a_code_that_comes_again_ends_what_came_of_it(units: Units, offer: Offer) -> None:
    code = code_of(units, offer)
    with units.write() as unit:
        redeemed = grants.redeem(unit, code, offer.client)
        assert redeemed
        grant = grants.begin(unit, redeemed, LIVES)
    with units.write() as unit:
        assert grants.redeem(unit, code, offer.client) is None
    assert not lives(units, grant.id)
    assert noted(units) == [(offer.account, "grant.came_twice", offer.client)]
    with units.write() as unit:
        assert grants.redeem(unit, code, offer.client) is None
    assert len(noted(units)) == 1, "what is over already is not noted"


def test_a_refresh_token_that_comes_again_is_noted(units: Units, offer: Offer) -> None:
    id, value = held(units, offer)
    for _ in range(2):
        with units.write() as unit:
            grants.refresh(unit, value, offer.client)
    assert not lives(units, id)
    assert noted(units) == [(offer.account, "grant.came_twice", offer.client)]


def noted(units: Units) -> list[tuple[str, str, str]]:
    """What the audit log has of grants: whose, what, and at which application."""
    with units.read() as unit:
        rows = unit.session.scalars(select(AuditRow).where(AuditRow.act.startswith("grant.")))
        return [(row.sub, row.act, row.subject) for row in rows]


def test_a_code_ends_with_the_browser_that_it_was_given_in(units: Units, offer: Offer) -> None:
    code = code_of(units, offer)
    with units.write() as unit:
        sessions.end(unit, offer.session)
    with units.write() as unit:
        assert grants.redeem(unit, code, offer.client) is None


def test_of_many_refreshes_at_once_one_wins_and_the_family_ends(units: Units, offer: Offer) -> None:
    id, value = held(units, offer)
    together = Barrier(4)

    def once() -> bool:
        together.wait()
        try:
            with units.write() as unit:
                found = grants.refresh(unit, value, offer.client)
                return found is not None and bool(grants.refresh_token(unit, found.id, LIVES))
        except Refusal:  # it gave way to another one
            return False

    with ThreadPoolExecutor(4) as threads:
        won = sum(threads.map(lambda _: once(), range(4)))
    assert won == 1
    assert not lives(units, id)


def test_a_refresh_token_is_worth_nothing_after_the_end_of_its_family(units: Units, offer: Offer, clock: Clock) -> None:
    """However young it is itself."""
    id, _ = held(units, offer)
    clock.now += LIVES.longest - dt.timedelta(hours=1)
    with units.write() as unit:
        young = grants.refresh_token(unit, id, LIVES)
    clock.on(minutes=59)
    assert lives(units, id)
    clock.on(minutes=1)
    assert not lives(units, id)
    with units.write() as unit:
        assert grants.refresh(unit, young, offer.client) is None


def test_a_proof_counts_once_also_when_two_bring_it_at_once(units: Units, people: People, clock: Clock) -> None:
    together = Barrier(4)

    def once() -> bool:
        together.wait()
        with units.write() as unit:
            return grants.use_assertion(unit, "a", "jti", clock.now + dt.timedelta(minutes=1))

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(lambda _: once(), range(4))) == 1
    with units.write() as unit:
        assert grants.use_assertion(unit, "b", "jti", clock.now), "of another application it is another one"


def test_what_is_over_is_forgotten_and_a_used_code_stays_a_day(units: Units, offer: Offer, clock: Clock) -> None:
    id, _ = held(units, offer)
    used = code_of(units, offer)
    with units.write() as unit:
        assert grants.redeem(unit, used, offer.client)

    def swept() -> int:
        with units.write() as unit:
            grants.sweep(unit)
            return counted(unit)

    clock.on(minutes=5)
    assert swept() == 2
    clock.on(days=2)
    assert swept() == 0
    assert lives(units, id)
    clock.on(days=13)
    swept()
    assert not lives(units, id)


def counted(unit: Unit) -> int:
    return len(unit.session.scalars(select(AuthorizationCodeRow)).all())


def test_everything_ends_with_the_account_and_with_the_application(units: Units, offer: Offer, people: People) -> None:
    first, _ = held(units, offer)
    with units.write() as unit:
        assert [each.id for each in grants.listed(unit, people.clerk.id)] == [first]
        accounts.sign_out_everywhere(unit, people.clerk.id)
    assert not lives(units, first)
    with units.write() as unit:
        again = sessions.begin(unit, people.clerk.id)
    second, _ = held(units, Offer(**{**vars(offer), "session": sessions.digest(again)}))
    with units.write() as unit:
        clients.remove(unit, accounts.console(JIASHAN), offer.client)
    assert not lives(units, second)
