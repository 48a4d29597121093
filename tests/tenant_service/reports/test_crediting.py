"""What an author writes, what is adopted of it and what it is recognised for stands in the ledger of that author."""

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import delete, select

from sync.contract.shapes.recognitions import (
    RecognitionKind,
    RecognitionLevel,
    RecognitionRecord,
    RecognitionState,
)
from tenant_service.exchange.copies import Seen
from tenant_service.performance.models import LedgerRow
from tenant_service.performance.rules import Deed
from tenant_service.reports import crediting, service
from tenant_service.reports import intake_service as intake
from tenant_service.reports import recognition_service as recognitions
from tenant_service.reports.models import RecognitionRow
from tenant_service.reports.recognition_service import Recognised
from tenant_service.rooms import HANDLERS, projections
from tenant_service.storage.unit_of_work import Unit
from tests.tenant_service import places
from tests.tenant_service.reports.office import PIECE, Office, Upward

DAY = dt.date(2026, 3, 20)
Line = tuple[str, Deed, str | None, bool]


def lines(office: Office) -> list[Line]:
    """Whose, what, as what, and whether it takes another one back."""
    with office.units.read() as unit:
        rows = unit.session.scalars(select(LedgerRow).order_by(LedgerRow.subject, LedgerRow.seq))
        return [(row.person_id, row.deed, row.role, row.counters_id is not None) for row in rows]


def recognised(office: Office, what: Recognised) -> str:
    id = office.do(lambda unit: recognitions.record(unit, office.clerk, what)).id
    office.do(lambda unit: recognitions.confirm(unit, office.secretary, id, unclassified=True))
    return id


def instructed(subject: str, level: RecognitionLevel = RecognitionLevel.CITY_MAIN) -> Recognised:
    return Recognised(RecognitionKind.INSTRUCTION, level, DAY, subject_id=subject, favourable=True)


def test_every_author_has_a_line_when_it_is_signed_and_not_before(office: Office) -> None:
    persons = sorted(str(office.member(name).person) for name in ("沈一", "陆二"))
    piece = replace(PIECE, authors=("沈一", "陆二", "民盟支部"))
    id = office.submitted(piece)
    assert lines(office) == []
    office.do(lambda unit: service.sign_off(unit, office.secretary, "第{n}期", id, unclassified=True))
    assert sorted(lines(office)) == [(each, Deed.OPINION, None, False) for each in persons]


@pytest.mark.practice(13)
def test_what_the_higher_committee_adopts_and_recognises_feeds_the_authors_ledger(upward: Upward) -> None:
    office = upward.office
    person = str(office.member("沈一").person)
    id = office.sent()
    upward.settle()
    upward.above(lambda unit: intake.receive(unit, upward.clerk, HANDLERS, id))
    upward.above(lambda unit: intake.adopt(unit, upward.secretary, HANDLERS, id, "第5期", unclassified=True))
    made = upward.above(lambda unit: recognitions.record(unit, upward.clerk, instructed(id))).id
    upward.above(lambda unit: recognitions.confirm(unit, upward.secretary, made, unclassified=True))
    upward.settle()
    told = [
        (person, Deed.OPINION, None, False), (person, Deed.INSTRUCTION, "CITY_MAIN", False),
        (person, Deed.ADOPTED, None, False),
    ]  # fmt: skip
    assert lines(office) == told
    recognised(office, instructed(id))
    assert lines(office) == told, "one level and day is one instruction, whoever wrote it down"
    upward.above(lambda unit: recognitions.withdraw(unit, upward.clerk, made, "误登"))
    upward.settle()
    assert lines(office) == told, "it is written down here as well"
    with office.units.write() as unit:
        [ours] = unit.session.scalars(select(RecognitionRow.id)).all()
        recognitions.withdraw(unit, office.clerk, ours, "误登")
    assert lines(office) == [*told, (person, Deed.INSTRUCTION, "CITY_MAIN", True)]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_the_higher_committee_withdraws_is_a_counter_line(upward: Upward) -> None:
    office = upward.office
    person = str(office.member("沈一").person)
    id = office.sent()
    upward.settle()
    upward.above(lambda unit: intake.receive(unit, upward.clerk, HANDLERS, id))
    made = upward.above(lambda unit: recognitions.record(unit, upward.clerk, instructed(id))).id
    upward.above(lambda unit: recognitions.confirm(unit, upward.secretary, made, unclassified=True))
    upward.settle()
    upward.above(lambda unit: recognitions.withdraw(unit, upward.clerk, made, "误登"))
    upward.settle()
    assert lines(office)[-2:] == [
        (person, Deed.INSTRUCTION, "CITY_MAIN", False), (person, Deed.INSTRUCTION, "CITY_MAIN", True)
    ]  # fmt: skip


def test_somebody_who_is_praised_has_a_line_until_it_is_put_right(office: Office) -> None:
    person = str(office.member("沈一").person)
    award = Recognised(RecognitionKind.AWARD, RecognitionLevel.CITY, DAY, "优秀委员", person, document="优秀委员名单")
    id = recognised(office, award)
    assert lines(office) == [(person, Deed.AWARD, "CITY", False)]
    office.do(lambda unit: recognitions.correct(unit, office.clerk, id, replace(award, day=DAY.replace(day=1)), "日期"))
    assert lines(office)[-1] == (person, Deed.AWARD, "CITY", True)


def test_what_was_there_before_is_caught_up_once(office: Office) -> None:
    person = str(office.member("沈一").person)
    id = office.signed()
    recognised(office, instructed(id))
    recognised(office, Recognised(RecognitionKind.PRAISE, RecognitionLevel.CITY, DAY, "通报", person))
    before = sorted(map(str, lines(office)))

    def forget(unit: Unit) -> None:
        unit.session.execute(delete(LedgerRow))

    office.do(forget)
    assert [office.do(crediting.catch_up), office.do(crediting.catch_up)] == [3, 0]
    assert sorted(map(str, lines(office))) == before


def test_who_was_not_sent_the_report_recognises_nothing_of_it(office: Office) -> None:
    office.member("沈一")
    id = office.signed()
    before = lines(office)
    record = RecognitionRecord(
        id=f"{places.QINGPU}.recognition.{'5' * 32}", committee_id=places.QINGPU, kind=RecognitionKind.INSTRUCTION,  # type: ignore[arg-type]
        level=RecognitionLevel.NATION_LEADER, state=RecognitionState.CONFIRMED, day=DAY, title="无关", subject_id=id,  # type: ignore[arg-type]
        favourable=True, document=None, side=None, revision=1, changed_at=places.SPRING,
    )  # fmt: skip
    seen = Seen(places.QINGPU, record.id, "recognition", record, 1, places.SPRING, frozenset({"o"}))
    office.do(lambda unit: projections(places.directory)["recognition"](unit.session, seen))
    assert lines(office) == before
