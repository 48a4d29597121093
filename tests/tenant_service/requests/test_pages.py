"""Who asked another committee sees what became of it; what others asked of us is for the office."""

import datetime as dt
from collections.abc import Callable

import pytest

from sync.contract.ids import Id
from sync.contract.shapes.requests import AnswerRecord, RequestKind, RequestRecord, RequestState
from tenant_service.exchange.copies import Seen
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.requests import service
from tenant_service.requests.service import Asked
from tenant_service.web.site import Site
from tests.tenant_service.browsing import Browser, allow
from tests.tenant_service.places import JIASHAN, QINGPU

# A page does not know which database is below it; the rooms' own tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

PERSON = f"{JIASHAN}.person.{'9' * 32}"
ELSEWHERE = f"{QINGPU}.activity.{'7' * 32}"


def asked(site: Site, actor: Actor, person: str = PERSON, name: str = "周九") -> str:
    with site.units.write() as unit:
        about = Asked(RequestKind.SIGN_UP, ELSEWHERE, person, name)
        return service.send(unit, actor, {}, about).id


def seen(record: RequestRecord | AnswerRecord, kind: str) -> Seen:
    return Seen(QINGPU, record.id, kind, record, 1, dt.datetime(2026, 4, 1, tzinfo=dt.UTC), frozenset({f"x_{JIASHAN}"}))


def refused(site: Site, id: str) -> None:
    told = AnswerRecord(
        id=Id(f"{QINGPU}.answer.{'5' * 32}"), committee_id=Id(QINGPU), request_id=Id(id), state=RequestState.REFUSED,
        code="SIGN_UP_CLOSED", reason_zh="报名已截止", reason_en="signing up is closed", result_id=None,
        answered_at=dt.datetime(2026, 4, 2, tzinfo=dt.UTC),
    )  # fmt: skip
    with site.units.write() as unit:
        service.project_answer(unit.session, seen(told, "answer"))


def arrived(site: Site, name: str = "李二") -> None:
    told = RequestRecord(
        id=Id(f"{QINGPU}.request.{'3' * 32}"), committee_id=Id(QINGPU), to_id=Id(JIASHAN), kind=RequestKind.SIGN_UP,
        subject_id=Id(f"{JIASHAN}.activity.{'7' * 32}"), person_id=Id(f"{QINGPU}.person.{'3' * 32}"), person_name=name,
        text=None, detail=None, asked_at=dt.datetime(2026, 3, 30, tzinfo=dt.UTC),
    )  # fmt: skip
    with site.units.write() as unit:
        service.project_request(unit.session, seen(told, "request"))


def test_the_office_sees_what_became_of_each_request(clerk_browser: Browser, clerk: Actor, site: Site) -> None:
    id = asked(site, clerk)
    page = clerk_browser.go("/requests")
    assert "待送达" in page.text
    assert "待送达" in clerk_browser.client.get("/requests.csv").text
    assert "青浦" in page.text
    refused(site, id)
    page = clerk_browser.go("/requests")
    assert "已退回" in page.text
    assert "报名已截止" in page.text
    assert "周九" not in clerk_browser.go("/requests?state=QUEUED").text
    assert "signing up is closed" in clerk_browser.go("/requests?lang=en").text


def test_what_others_asked_of_us_is_counted_on_the_home_page(clerk_browser: Browser, site: Site) -> None:
    arrived(site)
    assert clerk_browser.go("/").tile("待答复的请求") == 1
    page = clerk_browser.go("/requests?from=others")
    assert "李二" in page.text
    assert "待送达" in page.text


def test_a_member_sees_own_requests_and_nobody_elses(
    anybody: Callable[..., Browser], clerk: Actor, site: Site, visitor: Browser
) -> None:
    asked(site, clerk)
    asked(site, clerk, f"{JIASHAN}.person.{'a' * 32}", "赵六")
    arrived(site)
    member = anybody(Role.MEMBER, person=PERSON)
    page = member.go("/requests")
    assert "周九" in page.text
    assert "赵六" not in page.text
    assert 'href="/requests"' in member.go("/").text
    assert member.go("/requests?from=others").status == 403
    assert visitor.go("/requests").path == "/sign-in"
    assert "请求" not in visitor.go("/").text


def test_people_who_were_asked_for_count(clerk_browser: Browser, clerk: Actor, site: Site) -> None:
    allow(site, 1)
    asked(site, clerk)
    assert "1／1 条" in clerk_browser.go("/requests").text
    arrived(site)
    for page in ("/requests", "/requests?from=others"):
        assert clerk_browser.go(page).status == 429
        assert "周九" not in clerk_browser.text
        assert "李二" not in clerk_browser.text
