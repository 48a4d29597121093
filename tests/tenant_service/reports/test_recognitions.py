"""What was recognised is written down, confirmed by who signs, counted once, and told to whoever sent it up."""

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import MetaData

from sync.contract.channels import Scope, Share
from sync.contract.errors import Code
from sync.contract.shapes.recognitions import RecognitionKind, RecognitionLevel, RecognitionState
from tenant_service.exchange.outcome import Outcome
from tenant_service.reports import intake_service as intake
from tenant_service.reports import recognition_queries as queries
from tenant_service.reports import recognition_service as service
from tenant_service.reports.models import RecognitionRow, SeenRecognitionRow
from tenant_service.reports.recognition_service import Recognised
from tenant_service.reports.rules import LEADERS, levels_of
from tenant_service.rooms import HANDLERS
from tests.tenant_service import places
from tests.tenant_service.reports.office import Office, Upward
from tests.tenant_service.restores import Backup, Restore
from tests.tenant_service.told import told

DAY = dt.date(2026, 3, 20)
PRAISED = Recognised(
    RecognitionKind.INSTRUCTION, RecognitionLevel.CITY_MAIN, DAY, "低收入群体共同富裕重点课题", favourable=True
)


def recorded(office: Office, what: Recognised) -> str:
    return office.do(lambda unit: service.record(unit, office.clerk, what)).id


def confirmed(office: Office, what: Recognised) -> str:
    id = recorded(office, what)
    office.do(lambda unit: service.confirm(unit, office.secretary, id, unclassified=True))
    return id


def row(office: Office, id: str) -> RecognitionRow:
    with office.units.read() as unit:
        return queries.ours(unit.session, id)


@pytest.mark.practice(4)
def test_of_an_instruction_level_and_day_are_kept_and_nothing_of_its_text(office: Office) -> None:
    id = confirmed(office, PRAISED)
    kept = row(office, id)
    assert (kept.level, kept.day, kept.favourable, kept.document, kept.side) == (
        RecognitionLevel.CITY_MAIN, DAY, True, None, None,
    )  # fmt: skip
    for more in (replace(PRAISED, document="请阅处"), replace(PRAISED, side="某领导")):
        office.refused(Code.BAD_VALUE, lambda unit: service.record(unit, office.clerk, more))  # noqa: B023


def test_it_counts_and_is_told_when_it_is_confirmed_and_nobody_confirms_what_they_wrote(office: Office) -> None:
    id = office.do(lambda unit: service.record(unit, office.deputy, PRAISED)).id
    shares = [Share(Scope.OPEN)]
    office.do(lambda unit: service.share(unit, office.clerk, places.directory(), id, shares))
    assert told(office.units) == []
    for who, unclassified, code in (
        (office.clerk, True, Code.FORBIDDEN), (office.deputy, True, Code.OWN_DRAFT),
        (office.secretary, False, Code.SECRECY_UNCONFIRMED),
    ):  # fmt: skip
        office.refused(code, lambda unit: service.confirm(unit, who, id, unclassified=unclassified))  # noqa: B023
    office.do(lambda unit: service.confirm(unit, office.secretary, id, unclassified=True))
    assert [(each.channel, each.op) for each in told(office.units)] == [("o", "put")]
    correct = replace(PRAISED, level=RecognitionLevel.CITY_LEADER)
    office.do(lambda unit: service.correct(unit, office.clerk, id, correct, "核对层级"))
    assert row(office, id).state is RecognitionState.RECORDED
    assert told(office.units)[-1].op == "retract", "until it is confirmed anew nobody reads it"
    office.do(lambda unit: service.withdraw(unit, office.clerk, id, "误登"))
    office.refused(Code.OUT_OF_TURN, lambda unit: service.confirm(unit, office.secretary, id, unclassified=True))


def test_one_level_and_day_counts_once_and_an_adoption_by_two_sides_twice(office: Office) -> None:
    report = office.signed()
    of_it = replace(PRAISED, subject_id=report)
    confirmed(office, of_it)
    office.refused(Code.ALREADY_DONE, lambda unit: service.record(unit, office.clerk, of_it))
    confirmed(office, replace(of_it, level=RecognitionLevel.DISTRICT_MAIN))
    confirmed(office, replace(of_it, day=DAY + dt.timedelta(days=1)))
    adopted = Recognised(RecognitionKind.ADOPTION, RecognitionLevel.DISTRICT, DAY, subject_id=report)
    for side in ("淳安县", "上城区"):
        confirmed(office, replace(adopted, side=side))
        office.refused(
            Code.ALREADY_DONE, lambda unit: service.record(unit, office.clerk, replace(adopted, side=side))  # noqa: B023
        )  # fmt: skip
    with office.units.read() as unit:
        found = queries.of_subject(unit.session, office.clerk, report)
    assert len(found) == 5
    assert {each.title for each in found} == {office.row(report).title}


@pytest.mark.parametrize(
    ("what", "code"),
    [
        (replace(PRAISED, level=RecognitionLevel.CITY), Code.BAD_VALUE), (replace(PRAISED, title=""), Code.BAD_VALUE),
        (replace(PRAISED, day=dt.date(2026, 5, 1)), Code.BAD_TIME),
        (replace(PRAISED, subject_id=f"{places.JIASHAN}.report.{'1' * 32}"), Code.NOT_FOUND),
        (replace(PRAISED, subject_id=f"{places.QINGPU}.topic.{'1' * 32}"), Code.NOT_FOUND),
        (Recognised(RecognitionKind.AWARD, RecognitionLevel.CITY, DAY, "调研"), Code.BAD_VALUE),
        (replace(PRAISED, title="【机密】"), Code.CLASSIFIED),
    ],
)  # fmt: skip
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_is_wrong_is_refused(office: Office, what: Recognised, code: Code) -> None:
    office.refused(code, lambda unit: service.record(unit, office.clerk, what))
    with office.units.read() as unit:
        assert queries.count(unit.session, RecognitionState.RECORDED) == 0


@pytest.mark.seed(80, 81)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_case_says_its_list_and_what_went_into_a_plan_says_which(office: Office) -> None:
    case = Recognised(
        RecognitionKind.MODEL_CASE, RecognitionLevel.NATION, DAY, "企智创别组", document="2023全国社会治理创新案例"
    )
    plan = Recognised(
        RecognitionKind.INTO_POLICY, RecognitionLevel.DISTRICT, DAY, "科学城建议", document="《钱塘科学城建设方案》"
    )
    ids = [confirmed(office, each) for each in (case, plan)]
    assert [row(office, id).document for id in ids] == ["2023全国社会治理创新案例", "《钱塘科学城建设方案》"]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_was_sent_up_is_recognised_there_and_its_sender_reads_it(upward: Upward) -> None:
    id = upward.office.sent()
    upward.settle()
    upward.above(lambda unit: intake.receive(unit, upward.clerk, HANDLERS, id))
    of_it = replace(PRAISED, title="", subject_id=id)
    made = upward.above(lambda unit: service.record(unit, upward.clerk, of_it)).id
    upward.settle()
    assert upward.here.rows(SeenRecognitionRow) == []
    upward.above(lambda unit: service.confirm(unit, upward.secretary, made, unclassified=True))
    upward.settle()
    with upward.office.units.read() as unit:
        [seen] = queries.of_subject(unit.session, upward.office.clerk, id)
    assert (seen.id, seen.level, seen.committee_id) == (made, RecognitionLevel.CITY_MAIN, places.JIAXING)


def test_a_forgotten_recognition_comes_back(office: Office, tables: MetaData) -> None:
    restore = Restore(office.units, places.trust(places.JIASHAN), Backup(office.units, tables))
    id = recorded(office, PRAISED)
    shares = [Share(Scope.PARENT)]
    office.do(lambda unit: service.share(unit, office.clerk, places.directory(), id, shares))
    office.do(lambda unit: service.confirm(unit, office.secretary, id, unclassified=True))
    before = row(office, id)
    restore.lose()
    assert restore.come_back() == {id: Outcome.ANEW}
    after = row(office, id)
    assert after.record() == replace(before.record(), revision=before.revision + 1)
    assert after.shares == ["PARENT"]


def test_leaders_give_instructions_and_nothing_else() -> None:
    for kind in RecognitionKind:
        assert all((each in LEADERS) == (kind is RecognitionKind.INSTRUCTION) for each in levels_of(kind))
