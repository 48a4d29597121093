"""授权 (practice rule 3): a deputy signs in a leader's place on the days of the grant, and on no other."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from sync.contract.errors import Code, Refusal
from sync.contract.instants import day_of
from sync.contract.trust.directory import Directory
from tenant_service.activities import service as activities
from tenant_service.identity import accounts, deputies
from tenant_service.identity.accounts import Draft as AccountDraft
from tenant_service.identity.actor import Actor
from tenant_service.identity.deputies import Deputy, Draft
from tenant_service.identity.policy import ALLOWED, SIGNABLE, Role, UseCase
from tenant_service.signing import queries as signing
from tenant_service.signing.acts import may_sign
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.activities.test_life import PARENT, Office, draft
from tests.tenant_service.activities.test_pages import drafted
from tests.tenant_service.browsing import Browser
from tests.tenant_service.told import told

TODAY = dt.date(2026, 4, 1)
LAST = TODAY + dt.timedelta(days=6)


@pytest.fixture
def office(units: Units, directory: Directory, clerk: Actor, secretary: Actor) -> Office:
    return Office(units, directory, clerk, secretary)


def account(office: Office, *roles: Role) -> Actor:
    """Somebody who has an account."""
    draft = AccountDraft(f"li-{len(roles)}-{roles[0]}", "李副职", frozenset(roles))
    by = accounts.founder(places.JIASHAN)
    made = office.do(lambda unit: accounts.create(unit, by, draft, "x", must_change=False))
    return made.actor(places.JIASHAN)  # type: ignore[attr-defined, no-any-return]


def given(office: Office, to: Actor, *uses: UseCase, since: dt.date = TODAY, by: Actor | None = None) -> Deputy:
    told_ = Draft(to.sub, since, since + (LAST - TODAY), uses)
    return office.do(lambda unit: deputies.grant(unit, by or office.secretary, told_, "秘书长外出培训"))  # type: ignore[return-value]


def now(office: Office, who: Actor) -> Actor:
    """The account as it may act at this moment."""
    with office.units.read() as unit:
        return replace(who, signs_for=deputies.signs_for(unit.session, who.sub, day_of(unit.now)))


def submitted(office: Office, by: Actor | None = None) -> str:
    """An activity that waits for whoever signs, drafted by the clerk unless somebody else is named."""
    with office.units.write() as unit:
        id = activities.draft(unit, by or office.clerk, office.directory, draft(), PARENT).id
        activities.submit(unit, office.clerk, id)
    return id


@pytest.mark.practice(3)
def test_a_deputy_signs_from_the_first_day_to_the_last_and_it_says_in_whose_place(office: Office) -> None:
    deputy = account(office, Role.CLERK)
    given(office, deputy, since=TODAY + dt.timedelta(days=1))
    id = submitted(office)

    def sign() -> Callable[..., object]:
        who = now(office, deputy)
        return lambda unit: activities.sign_off(unit, who, id, unclassified=True)

    office.refused(Code.FORBIDDEN, sign())
    office.units.clock.on(days=1)  # type: ignore[attr-defined]
    office.do(sign())
    assert told(office.units)
    with office.units.read() as unit:
        [signature] = signing.signatures(unit.session, id)
    assert (signature.sub, signature.behalf) == (deputy.sub, Role.SECRETARY)
    id = submitted(office)
    office.units.clock.on(days=7)  # type: ignore[attr-defined]
    office.refused(Code.FORBIDDEN, sign())
    own = submitted(office)
    office.do(lambda unit: activities.sign_off(unit, office.secretary, own, unclassified=True))
    with office.units.read() as unit:
        assert signing.signatures(unit.session, own)[0].behalf is None


def test_what_is_revoked_or_of_another_kind_signs_nothing(office: Office) -> None:
    deputy = account(office, Role.CLERK)
    of_topics, all_ = given(office, deputy, UseCase.SIGN_OFF_TOPICS), given(office, deputy)
    assert {use for use, _ in now(office, deputy).signs_for} == set(SIGNABLE)
    office.refused(Code.NEEDS_REASON, lambda unit: deputies.revoke(unit, office.secretary, all_.id, " "))
    office.do(lambda unit: deputies.revoke(unit, office.secretary, all_.id, "秘书长已返岗"))
    office.refused(Code.ALREADY_DONE, lambda unit: deputies.revoke(unit, office.secretary, all_.id, "秘书长已返岗"))
    id, who = submitted(office), now(office, deputy)
    office.refused(Code.FORBIDDEN, lambda unit: activities.sign_off(unit, who, id, unclassified=True))
    assert who.may(UseCase.SIGN_OFF_TOPICS)
    with office.units.read() as unit:
        rows = {each.id: each for each in deputies.listed(unit.session, office.clerk)}
    assert (rows[all_.id].revoked_reason, rows[of_topics.id].revoked_at) == ("秘书长已返岗", None)


def test_a_deputy_signs_nothing_of_their_own(office: Office) -> None:
    deputy = account(office, Role.CLERK)
    given(office, deputy)
    id, who = submitted(office, by=deputy), now(office, deputy)
    office.refused(Code.OWN_DRAFT, lambda unit: activities.sign_off(unit, who, id, unclassified=True))
    second = places.staff(places.JIASHAN, Role.DEPUTY_SECRETARY)
    own = submitted(office, by=second)
    office.refused(Code.OWN_DRAFT, lambda unit: activities.sign_off(unit, second, own, unclassified=True))
    of_secretary = submitted(office, by=office.secretary)
    office.do(lambda unit: activities.sign_off(unit, office.secretary, of_secretary, unclassified=True))


def test_only_who_may_leaves_signing_to_somebody_of_the_office_for_a_year_at_most(office: Office) -> None:
    deputy, member = account(office, Role.CLERK), account(office, Role.MEMBER)
    secretary, security = office.secretary, places.staff(places.JIASHAN, Role.SECURITY_ADMIN)
    assert given(office, deputy, by=security).behalf is Role.SECRETARY
    cases = (
        (Code.FORBIDDEN, now(office, deputy), Draft(member.sub, TODAY, LAST)),
        (Code.BAD_VALUE, secretary, Draft(member.sub, TODAY, LAST)),
        (Code.BAD_VALUE, secretary, Draft(deputy.sub, TODAY, LAST, (UseCase.MANAGE_ACCOUNTS,))),
        (Code.OWN_ACCOUNT, secretary, Draft(secretary.sub, TODAY, LAST)),
        (Code.NOT_FOUND, secretary, Draft(f"{places.JIASHAN}.account.0", TODAY, LAST)),
        (Code.BAD_TIME, secretary, Draft(deputy.sub, LAST, TODAY)),
        (Code.BAD_TIME, secretary, Draft(deputy.sub, TODAY - dt.timedelta(days=9), TODAY - dt.timedelta(days=1))),
        (Code.BAD_TIME, secretary, Draft(deputy.sub, TODAY, TODAY + dt.timedelta(days=367))),
    )
    with office.units.read() as unit:
        before = deputies.listed(unit.session, secretary)
    for code, who, wanted in cases:
        with pytest.raises(Refusal) as refusal:
            office.do(lambda unit, who=who, wanted=wanted: deputies.grant(unit, who, wanted, "外出培训"))  # type: ignore[misc]
        assert refusal.value.code is code, wanted
    with office.units.read() as unit:
        assert deputies.listed(unit.session, secretary) == before
    assert not any(UseCase.GIVE_SIGNING is use for use in SIGNABLE), "a grant gives no grants"
    assert all(Role.CLERK not in ALLOWED[use] for use in SIGNABLE)


def test_who_left_the_office_signs_nothing_by_an_old_grant(office: Office) -> None:
    deputy = account(office, Role.CLERK)
    given(office, deputy)
    gone = replace(now(office, deputy), roles=frozenset({Role.MEMBER}))
    assert gone.signs_for
    assert not any(gone.may(use) for use in SIGNABLE)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_it_is_given_used_and_revoked_on_the_pages(
    anybody: Callable[..., Browser], clerk_browser: Browser, member_browser: Browser
) -> None:
    leader, deputy = anybody(Role.SECRETARY, name="孙三"), anybody(Role.CLERK, name="李四")
    at = f"/activities/{drafted(clerk_browser)}"
    assert "/sign-off" not in deputy.go(at).text
    form = leader.go("/deputies")
    whom = form.text.partition(">李四</option>")[0].rpartition('value="')[2].partition('"')[0]
    wrong = form.send("/deputies", accountId=whom, since="2026-04-03", until="2026-04-01", reason="外出培训")
    assert (wrong.status, wrong.error_of("until")) == (400, "不早于开始日期和今天")
    leader.go("/deputies").send("/deputies", accountId=whom, since="2026-04-01", until="2026-04-03", reason="外出培训")
    assert [each in leader.text for each in ("生效中", "受秘书长委托", "外出培训")] == [True] * 3
    assert "李四" in leader.client.get("/deputies.csv").content.decode("utf-8-sig")
    assert [f'href="{each}"' in leader.go("/").text for each in ("/reviews", "/deputies")] == [True] * 2
    leader.go("/deputies")
    deputy.go(at).send(f"{at}/sign-off", unclassified="yes")
    assert "李四（受秘书长委托）" in deputy.text
    revoking = leader.text.partition('action="/deputies/')[2].partition('"')[0]
    leader.send(
        f"/deputies/{leader.text.partition('/revoke')[0].rpartition('/deputies/')[2]}/revoke", reason="已返岗上班"
    )
    assert revoking is not None
    assert "已收回" in leader.text
    second = f"/activities/{drafted(clerk_browser, title='第二次议事')}"
    assert "/sign-off" not in deputy.go(second).text
    assert member_browser.go("/deputies").status == 403
    assert 'action="/deputies"' not in clerk_browser.go("/deputies").text


def test_signing_is_not_offered_to_who_would_be_refused_it(office: Office) -> None:
    deputy = account(office, Role.CLERK)
    given(office, deputy)
    who = now(office, deputy)
    assert may_sign(who, UseCase.SIGN_OFF_ACTIVITY, office.clerk.sub)
    assert not may_sign(who, UseCase.SIGN_OFF_ACTIVITY, office.clerk.sub, who.sub)
    assert not may_sign(office.clerk, UseCase.SIGN_OFF_ACTIVITY)
    assert may_sign(office.secretary, UseCase.SIGN_OFF_ACTIVITY, office.secretary.sub)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_page_of_ones_own_draft_offers_a_deputy_no_signing(office: Office, anybody: Callable[..., Browser]) -> None:
    second, clerk = anybody(Role.DEPUTY_SECRETARY, Role.CLERK), anybody(Role.CLERK, name="李二")
    own, others = drafted(second), drafted(clerk)
    assert "sign-off" not in second.go(f"/activities/{own}").text
    assert "sign-off" in second.go(f"/activities/{others}").text
