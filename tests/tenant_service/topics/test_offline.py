"""线下办理 (practice rule 4): what is classified has a place that is counted, and not one word comes to it."""

import datetime as dt

import pytest

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.topics import TopicSource, TopicState
from tenant_service.assignments import call_service as calls
from tenant_service.assignments import service as items
from tenant_service.files import service as files
from tenant_service.identity.actor import Actor
from tenant_service.relations.kinds import Relation
from tenant_service.rooms import OPENS
from tenant_service.topics import figures_queries as figures
from tenant_service.topics import offline_service as offline
from tenant_service.topics import screening_service as screening
from tenant_service.topics import service
from tenant_service.topics.rules import Act
from tests.tenant_service import places
from tests.tenant_service.assignments.office import LAMPS
from tests.tenant_service.browsing import Browser
from tests.tenant_service.told import told
from tests.tenant_service.topics.office import TODAY, Office
from tests.tenant_service.topics.test_states import acts

# What is refused does not depend on the database.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
MARCH = dt.date(2026, 3, 2)
SOURCE = TopicSource.PARTY_GOVERNMENT


def placed(office: Office, day: dt.date = MARCH) -> str:
    return office.do(lambda unit: offline.place(unit, office.clerk, SOURCE, day)).id


def counted(office: Office) -> tuple[int, ...]:
    """Raised, accepted and answered in this year."""
    year = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
    with office.units.read() as unit:
        return tuple(
            sum(each.number for each in count(unit.session, *year))
            for count in (figures.raised, figures.accepted, figures.answered)
        )


@pytest.mark.practice(4)
def test_a_matter_on_paper_has_a_number_a_kind_a_day_and_a_state_and_nothing_else(office: Office) -> None:
    id = placed(office)
    record = vars(office.row(id).record())
    said = {name for name, value in record.items() if value not in (None, 0)}
    assert said == {
        "id", "committee_id", "title", "state", "source", "raised_at", "accepted_at", "revision", "changed_at"
    }  # fmt: skip
    assert (record["title"], record["source"], record["state"]) == ("线下办理〔2026〕1号", SOURCE, TopicState.OFFLINE)
    assert counted(office) == (1, 1, 0)
    office.do(lambda unit: offline.finish(unit, office.clerk, id, TODAY))
    assert (office.row(id).state, counted(office)) == (TopicState.OFFLINE_DONE, (1, 1, 1))
    office.do(lambda unit: offline.resume(unit, office.clerk, id))
    assert (office.row(id).state, office.row(id).closed_at, counted(office)) == (TopicState.OFFLINE, None, (1, 1, 0))
    assert [now for _, now in office.steps(id)] == ["OFFLINE", "OFFLINE_DONE", "OFFLINE"]
    assert told(office.units) == [], "nobody else ever hears of it"


def test_a_number_is_given_once(office: Office) -> None:
    first, second = placed(office), placed(office)
    office.do(lambda unit: offline.discard(unit, office.clerk, second))
    assert counted(office) == (1, 1, 0)
    titles = [office.row(each).title for each in (first, placed(office))]
    assert titles == ["线下办理〔2026〕1号", "线下办理〔2026〕3号"]
    office.units.clock.on(days=300)  # type: ignore[attr-defined]
    assert office.row(placed(office)).title == "线下办理〔2027〕1号"


def test_a_day_to_come_or_before_it_came_in_is_refused_and_so_is_whoever_is_not_of_the_office(
    office: Office, member: Actor
) -> None:
    clerk, id = office.clerk, placed(office)
    tomorrow, before = TODAY + dt.timedelta(days=1), MARCH - dt.timedelta(days=1)
    office.refused(Code.BAD_TIME, lambda unit: offline.place(unit, clerk, SOURCE, tomorrow))
    for day in (tomorrow, before):
        office.refused(Code.BAD_TIME, lambda unit, day=day: offline.finish(unit, clerk, id, day), id)  # type: ignore[misc]
    office.refused(Code.FORBIDDEN, lambda unit: offline.place(unit, member, SOURCE, MARCH))
    office.refused(Code.OUT_OF_TURN, lambda unit: offline.resume(unit, clerk, id), id)
    handled = office.handled()
    office.refused(Code.OUT_OF_TURN, lambda unit: offline.finish(unit, clerk, handled, TODAY), handled)
    office.do(lambda unit: offline.finish(unit, clerk, id, TODAY))
    office.refused(Code.OUT_OF_TURN, lambda unit: offline.discard(unit, clerk, id), id)


@pytest.mark.parametrize("is_done", [False, True])
@pytest.mark.practice(4)
def test_no_word_no_file_and_no_link_comes_to_a_matter_on_paper(office: Office, is_done: bool) -> None:
    id, other, clerk, directory = placed(office), office.accepted(), office.clerk, office.directory
    if is_done:
        office.do(lambda unit: offline.finish(unit, clerk, id, TODAY))
    tried = acts(office, id, other, id, id)
    assert tried.keys() == set(Act)
    office.refused(Code.NO_SUCH_CODE, tried.pop(Act.UNSETTLED), id)
    for act in tried.values():
        office.refused(Code.OUT_OF_TURN, act, id, other)
    office.refused(Code.MERGED_ELSEWHERE, lambda unit: screening.merge(unit, clerk, other, id, "同"), id, other)
    for kind in (Relation.FOLLOWS_UP, Relation.GENERALISES):
        office.refused(
            Code.OUT_OF_TURN, lambda unit, kind=kind: service.relate(unit, clerk, other, kind, id), id, other  # type: ignore[misc]
        )  # fmt: skip
    office.refused(Code.OUT_OF_TURN, lambda unit: items.propose(unit, clerk, directory, id, LAMPS, []), id)
    body, by = office.body("住建局"), places.SPRING + dt.timedelta(days=3)
    draft = calls.Draft("惠民街道", "现场会", "路口", by, (body,), id)
    office.refused(Code.OUT_OF_TURN, lambda unit: calls.call(unit, clerk, directory, draft, []), id)
    office.refused(Code.FORBIDDEN, lambda unit: files.attach_here(unit, clerk, OPENS, id, []), id)


def test_who_is_refused_a_classified_text_is_led_to_the_place_for_it(
    clerk_browser: Browser, member_browser: Browser
) -> None:
    told_ = {"source": "PUBLIC", "title": "【机密】某事", "words": "某事"}
    page = clerk_browser.go("/topics/new").send("/topics/new", **told_)
    assert (page.status, 'href="/topics/offline"' in page.text) == (400, True)
    assert "涉密信息不得录入" in page.text
    page = member_browser.go("/topics/recommend").send("/topics/recommend", title="【机密】某事", words="某事")
    assert (page.status, "/topics/offline" in page.text) == (400, False)
    form = clerk_browser.go("/topics/offline")
    assert ("<textarea" in form.text, 'type="text"' in form.text, 'type="file"' in form.text) == (False, False, False)
    at = form.send("/topics/offline", source="PARTY_GOVERNMENT", day="2026-03-02").path
    assert ("线下办理〔2026〕1号" in clerk_browser.text, 'type="text"' in clerk_browser.text) == (True, False)
    assert f"{at}/redescribe" not in clerk_browser.text
    wrong = clerk_browser.send(f"{at}/finish-offline", day="2026-03-01")
    assert (wrong.status, wrong.error_of("day")) == (400, "不早于2026-03-02")
    clerk_browser.go(at).send(f"{at}/finish-offline", day="2026-04-01")
    assert "线下办结" in clerk_browser.go("/topics.csv").text
    assert member_browser.go("/topics/offline").status == 403
    clerk_browser.go(at).send(f"{at}/resume-offline")
    clerk_browser.send(f"{at}/discard-offline")
    assert (clerk_browser.path, "〔2026〕1号" in clerk_browser.text) == ("/topics", False)


def test_it_is_never_shared(office: Office) -> None:
    id = placed(office)
    with pytest.raises(Refusal) as refusal:
        office.do(lambda unit: service.share(unit, office.secretary, office.directory, id, []))
    assert refusal.value.code is Code.OUT_OF_TURN
