"""Days of assignments, and who has which part: properties of the rules."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.items import AssignmentRole, ItemKind, ItemState, ReplyClass
from tenant_service.assignments import rules
from tenant_service.assignments.rules import ITEMS, STATES, Act, Counted, ItemAct, Part

DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31))
TODAY = dt.date(2026, 4, 1)


@given(replies=st.lists(st.tuples(DAYS, DAYS), min_size=1))
def test_lateness_never_grows_less_and_is_the_worst_of_all_replies(replies: list[tuple[dt.date, dt.date]]) -> None:
    told: list[int] = []
    for due, replied in replies:
        told.append(rules.lateness(told[-1] if told else None, due, replied))
    assert told == sorted(told)
    assert told[-1] == max(0, *((replied - due).days for due, replied in replies))


@given(due=DAYS, today=DAYS, asked=DAYS)
def test_an_extension_is_asked_before_it_is_late_and_leads_ahead(
    due: dt.date, today: dt.date, asked: dt.date
) -> None:  # fmt: skip
    if today <= due < asked and 0 < (asked - today).days <= rules.MOST_DAYS_AHEAD:
        assert rules.extended(today, due, asked) == asked
        return
    with pytest.raises(Refusal) as refusal:
        rules.extended(today, due, asked)
    assert refusal.value.code is (Code.EXTENSION_OVER if today > due else Code.BAD_TIME)


@given(parts=st.lists(st.builds(Part, st.sampled_from("abcd"), st.sampled_from(list(AssignmentRole))), max_size=5))
def test_one_leads_or_several_answer_separately(parts: list[Part]) -> None:
    roles = [each.role for each in parts]
    by_lead = roles.count(AssignmentRole.LEAD) == 1 and AssignmentRole.SEPARATE not in roles
    separately = len(roles) > 1 and set(roles) == {AssignmentRole.SEPARATE}
    if len({each.body_id for each in parts}) == len(parts) and (by_lead or separately):
        told = rules.in_parts(parts)
        assert sorted(told) == sorted(parts)
        assert told[0].role is not AssignmentRole.ASSIST
        return
    with pytest.raises(Refusal) as refusal:
        rules.in_parts(parts)
    assert refusal.value.code is Code.PARTS_UNCLEAR


@pytest.mark.parametrize(("days", "fits"), [(-1, False), (0, False), (1, True), (366, True), (367, False)])
def test_a_due_date_lies_ahead_and_not_too_far(days: int, fits: bool) -> None:
    due = TODAY + dt.timedelta(days=days)
    if fits:
        assert rules.due_date(due, TODAY) == due
        return
    with pytest.raises(Refusal) as refusal:
        rules.due_date(due, TODAY)
    assert (refusal.value.code, refusal.value.field) == (Code.BAD_TIME, "dueOn")


ALIKE = st.builds(
    Counted, st.sampled_from(list(ItemKind)), st.sampled_from(list(ItemState)), st.booleans(), st.booleans(),
    st.integers(0, 9),
)  # fmt: skip


@given(rows=st.lists(ALIKE))
def test_a_list_is_counted_whole(rows: list[Counted]) -> None:
    told = rules.counts(rows)
    numbered = sum(row.n for row in rows if row.has_number)
    assert told.findings + told.suggestions == numbered
    assert told.findings_done <= told.done <= told.fixed <= told.handed_over <= told.agreed <= numbered
    assert told.open == told.agreed - told.done >= 0
    over = (ItemState.DONE, ItemState.NOT_ADOPTED)
    assert told.unsettled == sum(row.n for row in rows if row.state not in over)


def test_an_item_is_done_by_itself_only_where_every_reply_solves_it() -> None:
    assert rules.is_settled([ReplyClass.SOLVED, ReplyClass.SOLVED])
    assert not rules.is_settled([ReplyClass.SOLVED, ReplyClass.PLANNED])
    assert not rules.is_settled([])


def test_what_is_over_stays_over_besides_what_is_taken_up_again() -> None:
    assert {act for act in ItemAct if act in ITEMS.possible(ItemState.NOT_ADOPTED)} == set()
    assert set(ITEMS.possible(ItemState.DONE)) == {ItemAct.REOPEN, ItemAct.ADOPT}
    assert [set(STATES.possible(state)) for state in rules.OVER] == [{Act.REOPEN}, set()]


def test_each_act_is_somebodys() -> None:
    sets = [rules.OF_THE_OFFICE, rules.OF_THE_COORDINATOR, rules.OF_THE_BODY, {Act.CLOSE}]
    assert sorted(act for each in sets for act in each) == sorted(Act)
