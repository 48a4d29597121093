"""A topic walks along its table, a step is left when all that it needs is there, and a reporter sees four steps."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.procedures import Need, ProcedureUse
from sync.contract.shapes.topics import TopicState
from tenant_service.procedures.rules import Procedure, Step
from tenant_service.procedures.shipped import TEMPLATES
from tenant_service.topics import rules
from tenant_service.topics.rules import OFFLINE, STATES, Act, Leaver, Listed, PublicStep, Shown

NOTHING = Shown(False, False, False, False, Listed(), frozenset())
CLERK = Leaver(frozenset({"clerk"}), {"secretary": "秘书长"})
PROCEDURE = Procedure("id", "433", 1, "四三三", ProcedureUse.TOPIC, TEMPLATES["433"].steps)


def test_what_is_archived_split_or_unscreened_stays_what_it_is() -> None:
    assert set(STATES.possible(TopicState.ARCHIVED)) == {Act.SHARE}
    assert set(STATES.possible(TopicState.SPLIT)) == {Act.SHARE}
    assert Act.SHARE not in STATES.possible(TopicState.RAISED)
    with pytest.raises(Refusal) as refusal:
        STATES.after(Act.REOPEN, TopicState.ARCHIVED)
    assert refusal.value.code is Code.OUT_OF_TURN


def test_every_state_is_left_or_the_end_and_every_one_is_reached() -> None:
    ends = {TopicState.ARCHIVED, TopicState.SPLIT}
    first, every = (TopicState.RAISED, TopicState.OFFLINE), [(now, to) for _, now, to in (*STATES, *OFFLINE)]
    for state in TopicState:
        assert any(now is state and to is not state for now, to in every) is (state not in ends)
        assert state in first or any(to is state and now is not to for now, to in every)


def test_a_reporter_sees_a_step_of_every_state_and_never_goes_back_to_raised() -> None:
    assert {rules.public_step(state) for state in TopicState} == set(PublicStep)
    assert [state for state in TopicState if rules.public_step(state) is PublicStep.SUBMITTED] == [TopicState.RAISED]


@pytest.mark.seed(50)
def test_no_research_no_session() -> None:
    with pytest.raises(Refusal) as refusal:
        rules.onward(PROCEDURE, "research", NOTHING, CLERK)
    assert refusal.value.code is Code.NEED_NOT_MET
    assert "不调研不协商" in refusal.value.zh
    assert rules.onward(PROCEDURE, "research", replace(NOTHING, researched=True), CLERK).code == "consult"


@given(st.integers(0, 3), st.integers(0, 3), st.none() | st.integers(0, 3))
def test_lists_are_there_by_their_counts(agreed: int, open_: int, unassigned: int | None) -> None:
    met = rules.met(replace(NOTHING, listed=Listed(agreed, 0, open_, unassigned)))
    assert (Need.ITEMS in met) is (agreed > 0)
    assert (Need.ASSIGNMENTS in met) is (agreed > 0 and unassigned == 0)
    assert (Need.REPLIES in met) is (agreed > 0 and open_ == 0)


def test_a_step_that_names_roles_is_left_by_these_alone() -> None:
    steps = (Step("a", "审定", roles=("secretary",)), Step("b", "办理"))
    procedure = replace(PROCEDURE, steps=steps)
    with pytest.raises(Refusal) as refusal:
        rules.onward(procedure, "a", NOTHING, CLERK)
    assert (refusal.value.code, "秘书长" in refusal.value.zh) == (Code.STEP_OF_OTHERS, True)
    assert rules.onward(procedure, "a", NOTHING, replace(CLERK, holds=frozenset({"secretary"}))).code == "b"


def test_a_procedure_is_walked_to_its_end_and_not_beyond() -> None:
    with pytest.raises(Refusal) as refusal:
        rules.through(PROCEDURE, "consult", NOTHING, CLERK)
    assert refusal.value.code is Code.STEPS_LEFT
    with pytest.raises(Refusal) as refusal:
        rules.onward(PROCEDURE, "track", NOTHING, CLERK)
    assert refusal.value.code is Code.LAST_STEP
    done = replace(NOTHING, answered=True, listed=Listed(3, 3, 0, 0))
    rules.through(PROCEDURE, "track", done, CLERK)


def test_a_paper_is_there_when_a_file_says_so() -> None:
    step = Step("a", "调研", needs=(Need.PAPER,), papers=("《调研报告》", "方案"))
    assert rules.there(step, ("惠民小区 调研报告.pdf",)) == ("《调研报告》",)


def test_days_are_checked_on_their_side_of_today() -> None:
    today = dt.date(2026, 4, 1)
    assert rules.archivable_on(today) == dt.date(2026, 4, 17)
    for refused, day in ((rules.ahead, today), (rules.not_ahead, dt.date(2026, 4, 2))):
        with pytest.raises(Refusal) as refusal:
            refused("day", day, today)
        assert refusal.value.code is Code.BAD_TIME
