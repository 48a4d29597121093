"""What a step needs is asked before it is left, and two versions are compared by their steps' codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.procedures import Need, ProcedureState, ProcedureUse
from tenant_service.procedures import rules, shipped
from tenant_service.procedures.rules import STATES, Procedure, Step, compared, require

RESEARCH = Step("research", "组织调研", needs=(Need.RESEARCH, Need.PAPER), papers=("调研报告", "问卷"))
CODES = st.lists(st.sampled_from("abcdef"), unique=True)


def test_a_version_goes_forward_only() -> None:
    order = list(ProcedureState)
    assert all(order.index(to) >= order.index(now) for _act, now, to in STATES)
    assert STATES.possible(ProcedureState.RETIRED) == ()


@pytest.mark.seed(50)
def test_no_research_no_session_is_said_with_all_that_is_missing() -> None:
    with pytest.raises(Refusal) as refusal:
        require(RESEARCH, (), ("问卷",))
    assert refusal.value.code is Code.NEED_NOT_MET
    assert "不调研不协商" in refusal.value.zh
    assert "调研报告" in refusal.value.zh
    assert "问卷" not in refusal.value.zh
    require(RESEARCH, {Need.RESEARCH}, ("问卷", "调研报告"))


@given(st.sets(st.sampled_from(Need)), st.sets(st.sampled_from(Need)))
def test_a_step_is_left_exactly_when_nothing_it_needs_is_missing(needs: set[Need], met: set[Need]) -> None:
    step = Step("a", "一", needs=tuple(needs))
    found = rules.missing(step, met, ())
    assert {each.en for each in found} == {each.value for each in needs - met - {Need.PAPER}}


def test_steps_follow_each_other_to_the_last() -> None:
    made = Procedure("id", "433", 1, "四三三", ProcedureUse.TOPIC, shipped.TEMPLATES["433"].steps)
    walked, at = [made.first], made.after(made.first.code)
    while at is not None:
        walked.append(at)
        at = made.after(at.code)
    assert [step.name for step in walked] == ["议题选定", "制订方案", "组织调研", "现场协商", "报送成果", "跟踪落实"]
    with pytest.raises(Refusal) as refusal:
        made.step("nowhere")
    assert refusal.value.code is Code.NOT_FOUND


@pytest.mark.seed(55)
def test_templates_whose_steps_no_source_lists_say_so_and_name_none() -> None:
    for code, many in (("seven-steps", 7), ("five-steps", 5)):
        told = shipped.TEMPLATES[code]
        assert len(told.steps) == many
        assert all(step.name.startswith("第") and step.name.endswith("步") for step in told.steps)
        assert "未列出各步内容" in (told.note or "")


@given(CODES, CODES)
def test_a_comparison_shows_each_step_once_and_is_quiet_about_what_is_the_same(old: list[str], new: list[str]) -> None:
    before, after = ([Step(code, code) for code in codes] for codes in (old, new))
    found = compared(before, after)
    assert [each.after.code for each in found if each.after] == new
    assert {each.before.code for each in found if each.before} == set(old)
    assert all(each.is_same for each in found) == (old == new)
