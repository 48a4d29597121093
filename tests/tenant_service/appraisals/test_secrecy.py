"""Nobody can tell whose ballot is which, not even by reading the database."""

import orjson
import pytest
from sqlalchemy import inspect, select, text

from sync.contract.errors import Code, Refusal
from tenant_service.appraisals import ballots
from tenant_service.appraisals.models import AppraiserRow, BallotRow, RemarkRow
from tenant_service.history import taken
from tenant_service.identity.models import AuditRow, IdempotencyRow
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.appraisals.urn import FAIR, NO, YES, Urn


def test_a_ballot_has_no_column_that_says_whose_it_is_or_when_it_was_given() -> None:
    assert {column.key for column in inspect(BallotRow).column_attrs} == {"id", "appraisal_id", "answers"}
    assert {column.key for column in inspect(RemarkRow).column_attrs} == {"id", "appraisal_id", "words"}
    assert {column.key for column in inspect(AppraiserRow).column_attrs} == {"appraisal_id", "person_id", "has_given"}


def lying(units: Units, table: str, column: str) -> list[str]:
    """What lies in the table, in the order in which it lies there."""
    place = "rowid" if units.engine.dialect.name == "sqlite" else "ctid"
    with units.read() as unit:
        return [each for (each,) in unit.session.execute(text(f"SELECT {column} FROM {table} ORDER BY {place}"))]


@pytest.mark.parametrize(("table", "column"), [("ballot", "answers"), ("ballot_remark", "words")])
def test_ballots_lie_in_no_order_of_their_givers(units: Units, table: str, column: str) -> None:
    """Twelve who give in one order lie in it by chance once in 479 million times."""
    urn = Urn.at(units, voters=12)
    id = urn.begun(questions=("甲", "乙", "丙"))
    told = [(one, two, three) for one in (YES, NO, FAIR) for two in (YES, NO) for three in (YES, NO)]
    for number, (voter, answers) in enumerate(zip(urn.voters, told, strict=True)):
        urn.give(id, voter, *answers, remark=f"意见{number:02}")
    given = {
        "answers": [orjson.dumps(answers).decode() for answers in told],
        "words": [f"意见{number:02}" for number in range(12)],
    }[column]
    found = lying(units, table, column)
    assert sorted(found) == sorted(given)
    assert found != given


def test_every_ballot_was_written_by_the_last_givers_transaction_under_a_new_id(units: Units) -> None:
    urn = Urn.at(units)
    id = urn.given(number=5)
    with units.read() as unit:
        before = set(unit.session.scalars(select(BallotRow.id)))
    urn.give(id, urn.voters[5], YES, YES)
    with units.read() as unit:
        after = set(unit.session.scalars(select(BallotRow.id)))
        assert (len(after), before & after) == (6, set())
        assert all(len(each) == 32 for each in after)
        if units.engine.dialect.name == "postgresql":
            for table in ("ballot", "ballot_remark"):
                assert len(set(unit.session.scalars(text(f"SELECT xmin::text FROM {table}")))) == 1


def test_neither_the_log_nor_the_history_says_what_a_ballot_says(units: Units) -> None:
    urn = Urn.at(units)
    id = urn.given()
    with units.read() as unit:
        assert [step.act for step in taken.of(unit.session, id)] == ["begin"]
        noted = unit.session.scalars(select(AuditRow).where(AuditRow.act == "appraisal.give_ballot")).all()
        assert {row.subject for row in noted} == {id}
        assert {row.digest for row in noted} == {None}
        assert unit.session.scalars(select(IdempotencyRow)).all() == []


def test_a_refused_ballot_is_not_in_the_urn(units: Units) -> None:
    urn = Urn.at(units)
    id = urn.begun()
    urn.give(id, urn.voters[0], YES, NO, remark="好")
    for voter, answers, code in (
        (urn.voters[0], (NO, NO), Code.ALREADY_DONE), (urn.voters[1], (NO,), Code.BAD_VALUE),
        (urn.office.clerk, (NO, NO), Code.FORBIDDEN), (urn.office.supervisor("外人"), (NO, NO), Code.FORBIDDEN),
    ):  # fmt: skip
        with pytest.raises(Refusal) as refusal:
            urn.give(id, voter, *answers)
        assert refusal.value.code is code
    with units.read() as unit:
        assert ballots.opinions(unit.session, id) == [["SATISFIED", "DISSATISFIED"]]
        assert ballots.remarks(unit.session, id) == ["好"]
        ticked = unit.session.scalars(select(AppraiserRow.person_id).where(AppraiserRow.has_given)).all()
    assert ticked == [urn.voters[0].person]
