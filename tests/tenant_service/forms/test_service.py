"""A form is signed before it asks anybody, is answered once each, and neither its key nor an answer ever leaves."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import MetaData

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.forms import FormAudience, FormKind
from sync.contract.shapes.values import IndicatorCode
from tenant_service.exchange.outcome import Outcome
from tenant_service.forms import answer_service, personal, queries, service
from tenant_service.forms.rules import Question
from tenant_service.forms.service import Draft
from tenant_service.identity.actor import nobody
from tenant_service.rooms import COUNTING
from tenant_service.storage.personal import ERASED, Whom
from tenant_service.storage.unit_of_work import Unit, Units
from tests.tenant_service import places
from tests.tenant_service.forms.office import (
    CHOICE,
    HALF,
    MOCK,
    OPEN,
    PARENT,
    QUIZ,
    RIGHT,
    SURVEY,
    TEXT,
    Office,
)
from tests.tenant_service.restores import Backup, Restore
from tests.tenant_service.told import told


@pytest.fixture
def office(units: Units) -> Office:
    return Office.at(units)


def refused(office: Office, code: Code, act: Callable[[Unit], object], id: str | None = None) -> None:
    """The act is refused so; nothing changed, was answered or told."""

    def standing() -> object:
        return (office.row(id).record(), office.results(id).answers) if id else None

    before, heard = standing(), told(office.units)
    with pytest.raises(Refusal) as refusal:
        office.do(act)
    assert refusal.value.code is code
    assert (standing(), told(office.units)) == (before, heard)


def counted(office: Office, code: IndicatorCode) -> dict[str, int]:
    with office.units.read() as unit:
        day, found = unit.now.date(), dict[str, int]()
        for each in COUNTING.flows[code].daily(unit.session, day.replace(day=1), day.replace(month=12, day=31)):
            found[each.kind] = found.get(each.kind, 0) + each.number
        return found


def test_nothing_leaves_before_a_form_is_opened_and_never_its_key_or_an_answer(office: Office) -> None:
    id = office.signed(QUIZ, PARENT)
    assert told(office.units) == []
    office.do(lambda unit: service.open_form(unit, office.clerk, id))
    token = office.row(id).token
    office.do(lambda unit: answer_service.answer_openly(unit, token, "device", RIGHT))
    office.do(lambda unit: service.close(unit, office.clerk, id))
    first, last = told(office.units)
    assert (first.data["answers"], last.data["answers"], last.data["passed"]) == (None, 1, 1)
    assert not {"question_key", "token", "key", "given"} & last.data.keys()
    with office.units.read() as unit:
        assert queries.one(unit.session, nobody(places.JIASHAN), id) is None, "shared with the parent alone"


@pytest.mark.seed(18)
def test_a_quiz_is_marked_and_its_pass_rate_counted(office: Office) -> None:
    id = office.opened(QUIZ)
    token = office.row(id).token
    for at in range(8):
        given = RIGHT if at < 6 else HALF
        done = office.do(lambda unit: answer_service.answer_openly(unit, token, f"d{at}", given))  # noqa: B023
        assert (done.score, done.has_passed) == ((100, True) if at < 6 else (50, False))
    found = office.results(id)
    assert (found.answers, found.passed, found.pass_rate) == (8, 6, 0.75)
    assert found.questions[1].options == (("政治协商", 8), ("行政执法", 0), ("民主监督", 6), ("参政议政", 6))
    assert counted(office, IndicatorCode.FORM_ANSWERS) == {"QUIZ": 8}
    assert counted(office, IndicatorCode.FORM_PASSES) == {"QUIZ": 6}
    again = lambda unit: answer_service.answer_openly(unit, token, "d7", RIGHT)  # noqa: E731
    refused(office, Code.ALREADY_DONE, again, id)


@pytest.mark.seed(82)
def test_260_mock_proposals_are_answers_and_no_proposals(office: Office) -> None:
    id = office.opened(MOCK)
    token = office.row(id).token

    def answered(unit: Unit) -> None:
        for at in range(260):
            answer_service.answer_openly(unit, token, f"student{at}", [[f"案由{at}"], ["建议"]])

    office.do(answered)
    assert office.results(id).answers == 260
    assert counted(office, IndicatorCode.FORM_ANSWERS) == {FormKind.MOCK_PROPOSAL.value: 260}


def test_a_member_answers_once_and_changes_it_until_the_end(office: Office) -> None:
    zhang = office.member("张委员")
    id = office.opened(replace(SURVEY, closes_on=office.units.clock().date() + dt.timedelta(days=3)))
    for spaces in ("80", "120"):
        office.do(lambda unit: answer_service.answer(unit, zhang, id, [["2"], [spaces], ["尽快"]]))  # noqa: B023
    found = office.results(id, least=1)
    assert (found.answers, found.questions[1].mean) == (1, 120.0)
    office.units.clock.on(days=5)  # type: ignore[attr-defined]
    refused(office, Code.OUT_OF_TURN, lambda unit: answer_service.answer(unit, zhang, id, [["1"]]), id)
    office.do(lambda unit: service.close(unit, office.clerk, id))
    assert office.row(id).answers == 1


def test_nothing_is_broken_down_before_enough_answered(office: Office) -> None:
    id = office.opened(SURVEY)
    for each in "甲乙丙丁戊":
        who = office.member(f"委员{each}")
        assert office.results(id).questions == ()
        office.do(lambda unit: answer_service.answer(unit, who, id, [["1"]]))  # noqa: B023
    assert office.results(id).questions[0].options == (("有", 5), ("没有", 0))


def test_only_who_is_invited_is_asked_and_shown_it(office: Office) -> None:
    zhang, li = office.member("张委员"), office.member("李委员")
    id = office.opened(replace(SURVEY, audience=FormAudience.INVITED, invited=("张委员",)))
    refused(office, Code.NOT_FOUND, lambda unit: answer_service.answer(unit, li, id, [["1"]]), id)
    refused(office, Code.FORBIDDEN, lambda unit: answer_service.answer(unit, office.clerk, id, [["1"]]), id)
    with office.units.read() as unit:
        assert queries.count_asking(unit.session, str(zhang.person), unit.now.date()) == 1
    office.do(lambda unit: answer_service.answer(unit, zhang, id, [["1"]]))
    with office.units.read() as unit:
        assert queries.count_asking(unit.session, str(zhang.person), unit.now.date()) == 0
    token = office.row(id).token
    refused(office, Code.QR_INVALID, lambda unit: answer_service.answer_openly(unit, token, "d", [["1"]]), id)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ([], Code.BAD_VALUE), ([["3"]], Code.BAD_VALUE), ([["1", "2"]], Code.BAD_VALUE),
        ([["1"], ["多"]], Code.BAD_VALUE), ([["1"], [], ["【机密】"]], Code.CLASSIFIED), ([["1"]] * 9, Code.BAD_VALUE),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused(office: Office, given: list[list[str]], code: Code) -> None:
    zhang, id = office.member("张委员"), office.opened(SURVEY)
    refused(office, code, lambda unit: answer_service.answer(unit, zhang, id, given), id)


@pytest.mark.parametrize(
    "draft",
    [
        replace(SURVEY, questions=()), replace(SURVEY, questions=(Question(CHOICE, "甲", ("一",)),)),
        replace(SURVEY, questions=(Question(CHOICE, "甲", ("一", "二"), key=(1,)),)),
        replace(QUIZ, questions=(Question(CHOICE, "甲", ("一", "二")),)),
        replace(QUIZ, questions=(Question(CHOICE, "甲", ("一", "二"), key=(3,)),)), replace(QUIZ, pass_mark=101),
        replace(SURVEY, questions=(Question(TEXT, "甲", ("一", "二")),)),
        replace(SURVEY, audience=FormAudience.INVITED, invited=("没有这个人",)),
        replace(SURVEY, audience=FormAudience.INVITED),
    ],
)  # fmt: skip
def test_what_is_no_form_is_refused(office: Office, draft: Draft) -> None:
    refused(office, Code.BAD_VALUE, lambda unit: service.draft(unit, office.clerk, office.directory, draft, []))


def test_a_withdrawn_form_says_why_keeps_its_answers_and_takes_no_more(office: Office) -> None:
    zhang, id = office.member("张委员"), office.opened(SURVEY, OPEN)
    office.do(lambda unit: answer_service.answer(unit, zhang, id, [["1"]]))
    office.do(lambda unit: service.withdraw(unit, office.clerk, id, "题目有误"))
    assert told(office.units)[-1].data["withdrawn_because"] == "题目有误"
    refused(office, Code.OUT_OF_TURN, lambda unit: answer_service.answer(unit, zhang, id, [["2"]]), id)
    assert office.results(id).answers == 1
    other = office.opened(SURVEY, PARENT)
    widen = lambda unit: service.share(unit, office.clerk, office.directory, other, [OPEN])  # noqa: E731
    refused(office, Code.NOT_SIGNED_OFF, widen, other)


def test_what_is_erased_of_a_member_is_gone_and_the_count_stays(office: Office) -> None:
    zhang, id = office.member("张委员"), office.opened(SURVEY)
    office.do(lambda unit: answer_service.answer(unit, zhang, id, [["1"], [], ["我家楼下"]]))
    whom = Whom(str(zhang.person), "张委员")
    with office.units.read() as unit:
        assert [each.table for each in personal.about(unit.session, whom)] == ["form_answer"]
    assert office.do(lambda unit: personal.erase(unit, whom)) == 1
    with office.units.read() as unit:
        [kept] = queries.answers(unit.session, id)
    assert (kept.name, kept.given) == (ERASED, [[], [], []])
    assert office.results(id).answers == 1


def test_a_forgotten_form_comes_back_closed_for_its_key_never_left(units: Units, tables: MetaData) -> None:
    office = Office.at(units)
    restore = Restore(units, places.trust(places.JIASHAN), Backup(units, tables))
    id = office.opened(QUIZ, PARENT)
    restore.lose()
    assert restore.come_back() == {id: Outcome.ANEW}
    row = office.row(id)
    assert (row.state.value, row.question_key, row.title) == ("CLOSED", [[], []], QUIZ.title)
