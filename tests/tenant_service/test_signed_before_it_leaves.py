"""审核签发 (practice rule 3): nothing leaves the committee on one click of whoever drafts it."""

import datetime as dt
from collections.abc import Callable

import pytest

from sync.contract.channels import Scope, Share
from sync.contract.errors import Code, Refusal
from sync.contract.records import KINDS
from sync.contract.shapes.topics import ReturnReason
from tenant_service.activities import service as activities
from tenant_service.activities.service import Report
from tenant_service.appraisals import service as appraisals
from tenant_service.assignments import call_service as calls
from tenant_service.assignments import handing_over_service as over
from tenant_service.forms import service as forms
from tenant_service.posts import service as posts
from tenant_service.programmes import service as programmes
from tenant_service.proposals import review_service as proposal_review
from tenant_service.proposals import service as proposals
from tenant_service.reports import recognition_service as recognitions
from tenant_service.reports import service as reports
from tenant_service.signing import queries as signing
from tenant_service.signing.reviews import REVIEWED_BY
from tenant_service.signing.rules import AtOnce, ReviewState
from tenant_service.storage.unit_of_work import Units
from tenant_service.supervision import service as campaigns
from tenant_service.topics import handling_service
from tenant_service.topics import screening_service as screening
from tenant_service.topics import service as topics
from tests.tenant_service import places
from tests.tenant_service.activities.test_life import Office as Activities
from tests.tenant_service.appraisals.urn import Urn
from tests.tenant_service.assignments.office import Office as Assignments
from tests.tenant_service.forms.office import SURVEY
from tests.tenant_service.forms.office import Office as Forms
from tests.tenant_service.posts.office import NOTICE
from tests.tenant_service.posts.office import Office as Posts
from tests.tenant_service.procedures.office import Office as Procedures
from tests.tenant_service.programmes.office import SIX
from tests.tenant_service.programmes.office import Office as Programmes
from tests.tenant_service.proposals.office import Office as Proposals
from tests.tenant_service.reports.office import Office as Reports
from tests.tenant_service.reports.test_recognitions import PRAISED, recorded
from tests.tenant_service.supervision.office import WORKS
from tests.tenant_service.supervision.office import Office as Supervision
from tests.tenant_service.told import told
from tests.tenant_service.topics.office import Office as Topics

# Whether something is told does not depend on the database.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
OPEN = Share(Scope.OPEN)


def of_an_activity(units: Units) -> str:
    staff = Supervision.at(units)
    office = Activities(units, staff.directory, staff.clerk, staff.secretary)
    id = office.drafted([OPEN])
    office.do(lambda unit: activities.submit(unit, office.clerk, id))
    return id


def of_a_campaign(units: Units) -> str:
    office = Supervision.at(units)
    id = office.planned(WORKS, OPEN).id
    office.do(lambda unit: campaigns.submit(unit, office.clerk, id))
    return id


def of_a_programme(units: Units) -> str:
    office = Programmes.at(units)
    id = office.planned(SIX, OPEN).id
    office.do(lambda unit: programmes.submit(unit, office.clerk, id))
    return id


def of_an_appraisal(units: Units) -> str:
    return Urn.at(units).counted(OPEN)


def of_a_procedure(units: Units) -> str:
    staff = Supervision.at(units)
    return Procedures(units, staff.directory, staff.clerk, staff.secretary).drafted(shares=[OPEN]).id


def of_a_topic(units: Units) -> str:
    """It is shared with nobody at first, and whoever drafts its answer cannot change that."""
    office = Topics.at(units)
    id = office.handled()
    office.do(lambda unit: handling_service.resolve(unit, office.clerk, id, "已列入改造计划。"))
    with pytest.raises(Refusal) as refusal:
        office.do(lambda unit: topics.share(unit, office.clerk, places.directory(), id, [OPEN]))
    assert refusal.value.code is Code.NOT_SIGNED_OFF
    return id


def of_an_item(units: Units) -> str:
    office = Assignments.at(units)
    return office.proposed(office.supervision.running(WORKS), OPEN)


def of_a_post(units: Units) -> str:
    """Whoever writes it sends it to be signed, and cannot publish it."""
    office = Posts.at(units)
    id = office.drafted(NOTICE, OPEN).id
    office.do(lambda unit: posts.submit(unit, office.clerk, id))
    with pytest.raises(Refusal) as refusal:
        office.do(lambda unit: posts.publish(unit, office.clerk, id))
    assert refusal.value.code is Code.OUT_OF_TURN
    return id


def of_a_form(units: Units) -> str:
    office = Forms.at(units)
    id = office.drafted(SURVEY, OPEN).id
    office.do(lambda unit: forms.submit(unit, office.clerk, id))
    with pytest.raises(Refusal) as refusal:
        office.do(lambda unit: forms.open_form(unit, office.clerk, id))
    assert refusal.value.code is Code.OUT_OF_TURN
    return id


def of_a_call(units: Units) -> str:
    """Whoever calls, without signing, calls for home alone."""
    office = Assignments.at(units)
    by = places.SPRING + dt.timedelta(days=3)
    draft = calls.Draft("惠民街道", "路灯现场会", "惠民路口", by, (office.bureau,))
    with pytest.raises(Refusal) as refusal:
        office.do(lambda unit: calls.call(unit, office.clerk, places.directory(), draft, [OPEN]))
    assert refusal.value.code is Code.NOT_SIGNED_OFF
    return office.do(lambda unit: calls.call(unit, office.clerk, places.directory(), draft, [])).id


def of_a_proposal(units: Units) -> str:
    office = Proposals(units)
    id = office.handed_in()
    office.do(lambda unit: proposals.share(unit, office.clerk, places.directory(), id, [OPEN]))
    office.do(lambda unit: proposal_review.review_first(unit, office.clerk, id))
    office.do(lambda unit: proposal_review.review_second(unit, office.clerk, id))
    return id


def of_a_piece(units: Units) -> str:
    office = Reports(units)
    id = office.editing()
    office.do(lambda unit: reports.share(unit, office.clerk, places.directory(), id, [OPEN]))
    office.do(lambda unit: reports.submit(unit, office.clerk, id))
    return id


def of_a_recognition(units: Units) -> str:
    office = Reports(units)
    id = recorded(office, PRAISED)
    office.do(lambda unit: recognitions.share(unit, office.clerk, places.directory(), id, [OPEN]))
    return id


DRAFTED: dict[str, Callable[[Units], str]] = {
    "activity": of_an_activity, "campaign": of_a_campaign, "appraisal": of_an_appraisal,
    "procedure": of_a_procedure, "topic": of_a_topic, "item": of_an_item, "call": of_a_call,
    "report": of_a_piece, "proposal": of_a_proposal, "post": of_a_post, "recognition": of_a_recognition,
    "programme": of_a_programme, "form": of_a_form,
}  # fmt: skip
"""Kind of record → all that a clerk does with one that is to be shared with everybody."""
UNSIGNED = {
    "committee": "the directory tells it", "venue": "免审", "unit": "免审: its name",
    "body": "免审: its name, where its office offers it", "handover": "of a signed item, to its body's home",
    "person": "stays at home", "membership": "stays at home",
    "participation": "免审: attendance, to each member's home alone", "request": "asks, and changes nothing",
    "answer": "of what was asked", "value": "counts what was signed; which channels, the settings say",
    "assignment": "goes where its signed item goes; its reply is signed by whoever closes it",
    "audit_head": "the log itself", "audit_consent": "the security administrator gives it",
}  # fmt: skip
"""Why these kinds need no signature."""


@pytest.mark.parametrize("kind", DRAFTED)
@pytest.mark.practice(3)
def test_what_a_clerk_does_alone_is_told_to_nobody(units: Units, kind: str) -> None:
    id = DRAFTED[kind](units)
    assert id.split(".")[1] == kind
    assert [each for each in told(units) if each.record == id] == []


def test_every_kind_is_signed_or_says_why_not(units: Units) -> None:
    del units
    assert set(KINDS) == DRAFTED.keys() | UNSIGNED.keys()
    assert not DRAFTED.keys() & UNSIGNED.keys()


# ── what goes at once, and is reviewed after ──


def of_a_session(units: Units) -> dict[AtOnce, str]:
    staff = Supervision.at(units)
    office, clerk = Activities(units, staff.directory, staff.clerk, staff.secretary), staff.clerk
    moved, dropped, closed = (office.published([OPEN]) for _ in range(3))
    later = places.SPRING + dt.timedelta(days=3)
    office.do(lambda unit: activities.change(unit, clerk, moved, "改期", starts_at=later))
    office.do(lambda unit: activities.cancel(unit, clerk, dropped, "停电"))
    units.clock.on(days=8)  # type: ignore[attr-defined]
    office.do(lambda unit: activities.enter_closing(unit, clerk, closed, Report(5, leader_present=False)))
    return {AtOnce.ACTIVITY_CHANGE: moved, AtOnce.ACTIVITY_CANCEL: dropped, AtOnce.ACTIVITY_CLOSE: closed}


def of_a_report(units: Units) -> dict[AtOnce, str]:
    office = Topics.at(units)
    returned, handed = office.raised(), office.raised()
    reason = ReturnReason.PETITION
    office.do(lambda unit: screening.turn_down(unit, office.clerk, returned, reason, "请到信访局"))
    office.do(lambda unit: screening.forward(unit, office.clerk, handed, "12345热线", "热线办理"))
    return {AtOnce.TOPIC_TURN_DOWN: returned, AtOnce.TOPIC_FORWARD: handed}


def of_what_is_supervised(units: Units) -> dict[AtOnce, str]:
    office = Supervision.at(units)
    dropped = office.running(WORKS, OPEN)
    office.do(lambda unit: campaigns.cancel(unit, office.clerk, dropped, "重复"))
    return {AtOnce.CAMPAIGN_CANCEL: dropped}


def of_what_is_planned(units: Units) -> dict[AtOnce, str]:
    office = Programmes.at(units)
    dropped = office.running(SIX, OPEN)
    office.do(lambda unit: programmes.cancel(unit, office.clerk, dropped, "重复"))
    return {AtOnce.PROGRAMME_CANCEL: dropped}


def of_a_result(units: Units) -> dict[AtOnce, str]:
    urn = Urn.at(units)
    id, clerk = urn.published(OPEN), urn.office.clerk
    urn.office.do(lambda unit: appraisals.object_to(unit, clerk, id, "票数有误"))
    urn.office.do(lambda unit: appraisals.cancel(unit, clerk, id, "重新评议"))
    return {AtOnce.APPRAISAL_OBJECT: id, AtOnce.APPRAISAL_CANCEL: id}


def of_what_bodies_have(units: Units) -> dict[AtOnce, str]:
    office, directory = Assignments.at(units), places.directory()
    [given] = office.assigned(office.agreed(office.campaign(), OPEN))
    office.do(lambda unit: over.withdraw(unit, office.clerk, given, "交错了"))
    draft = calls.Draft("惠民街道", "路灯", "惠民路口", units.clock() + dt.timedelta(days=3), (office.bureau,))
    called = office.do(lambda unit: calls.call(unit, office.secretary, directory, draft, [OPEN])).id
    office.do(lambda unit: calls.cancel(unit, office.clerk, called, "已解决"))
    return {AtOnce.ASSIGNMENT_WITHDRAW: given, AtOnce.CALL_CANCEL: called}


def of_what_is_published(units: Units) -> dict[AtOnce, str]:
    office = Posts.at(units)
    id = office.published(NOTICE, OPEN)
    office.do(lambda unit: posts.withdraw(unit, office.clerk, id, "日期有误"))
    return {AtOnce.POST_WITHDRAW: id}


def of_what_is_asked(units: Units) -> dict[AtOnce, str]:
    office = Forms.at(units)
    id = office.opened(SURVEY, OPEN)
    office.do(lambda unit: forms.withdraw(unit, office.clerk, id, "题目有误"))
    return {AtOnce.FORM_WITHDRAW: id}


WITHOUT_WAITING = (
    of_a_session, of_a_report, of_what_is_supervised, of_what_is_planned, of_a_result, of_what_bodies_have,
    of_what_is_published, of_what_is_asked,
)  # fmt: skip
"""What a clerk does that leaves with nobody's signature, kind of record by kind of record."""


def waiting(units: Units) -> set[tuple[AtOnce, str]]:
    with units.read() as unit:
        found = signing.reviews(unit.session, signing.ReviewsWanted((ReviewState.WAITING,)), 20)
        return {(each.row.act, each.row.subject) for each in found}


@pytest.mark.practice(3)
def test_whatever_a_clerk_sends_out_at_once_waits_for_whoever_signs_that_kind(units: Units) -> None:
    done: set[tuple[AtOnce, str]] = set()
    for act in WITHOUT_WAITING:
        done |= set(act(units).items())
    assert {each for each, _ in done} == set(AtOnce) == REVIEWED_BY.keys()
    assert waiting(units) == done
    assert all(use.value.startswith("SIGN_OFF_") for use in REVIEWED_BY.values())
