"""A version is drafted, put in force and retired; what was in force is never written again."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.contract.channels import Scope, Share
from sync.contract.errors import Code, Refusal
from sync.contract.shapes.procedures import Need, ProcedureState, ProcedureUse
from tenant_service.history import taken
from tenant_service.identity.actor import Actor, nobody
from tenant_service.identity.policy import Role
from tenant_service.procedures import queries, service, shipped
from tenant_service.procedures.models import ProcedureRow, SeenProcedureRow
from tenant_service.procedures.rules import Step
from tests.tenant_service import places
from tests.tenant_service.procedures.office import HALL, OPEN, Office
from tests.tenant_service.told import told

TODAY = places.SPRING.date()


def test_a_draft_is_told_to_nobody_and_what_is_in_force_to_whom_it_is_shared_with(
    office: Office, member: Actor
) -> None:
    made = office.drafted()
    anybody, clerk_above = nobody(places.JIASHAN), places.stranger(places.JIASHAN, places.JIAXING, Role.CLERK)
    assert (made.state, made.version, made.step_codes) == (ProcedureState.DRAFT, 1, ["select", "research", "consult"])
    assert told(office.units) == []
    assert [office.all(each) for each in (member, anybody, clerk_above)] == [[], [], []]
    in_force = office.enacted(made.id)
    assert (in_force.state, in_force.since) == (ProcedureState.IN_FORCE, TODAY)
    [event] = told(office.units)
    assert (event.channel, event.data["state"], event.data["step_needs"][1]) == ("o", "IN_FORCE", ["RESEARCH", "PAPER"])
    assert [len(office.all(each)) for each in (member, anybody, clerk_above)] == [1, 1, 1]


def test_the_next_version_retires_the_one_before_and_what_is_under_way_keeps_it(office: Office) -> None:
    first = office.enacted(office.drafted().id)
    second = office.do(lambda unit: service.renew(unit, office.clerk, first.id))
    told_anew = replace(HALL, steps=(*HALL.steps, Step("", "跟踪")))
    office.do(lambda unit: service.redraft(unit, office.clerk, office.directory, second.id, told_anew))
    with office.units.read() as unit:
        assert [each.id for each in queries.in_force(unit.session, ProcedureUse.TOPIC)] == [first.id]
    office.enacted(second.id)
    with office.units.read() as unit:
        [now] = queries.in_force(unit.session, ProcedureUse.TOPIC)
        before = queries.version(unit.session, first.id)
        history = [each.now for each in taken.of(unit.session, first.id)]
        row = queries.ours(unit.session, first.id)
    assert (now.id, now.version, len(now.steps)) == (second.id, 2, 4)
    assert (before.version, before.steps) == (1, HALL.steps)
    assert (row.state, row.until, history) == (ProcedureState.RETIRED, TODAY, ["DRAFT", "IN_FORCE", "RETIRED"])
    assert {(each.record, each.data["state"]) for each in told(office.units)} >= {
        (first.id, "RETIRED"), (second.id, "IN_FORCE"),
    }  # fmt: skip


def test_what_was_in_force_is_not_written_again(office: Office) -> None:
    made = office.enacted(office.drafted().id)
    do, clerk = office, office.clerk
    do.refused(Code.OUT_OF_TURN, lambda unit: service.redraft(unit, clerk, office.directory, made.id, HALL))
    do.refused(Code.OUT_OF_TURN, lambda unit: service.discard(unit, clerk, made.id))
    do.refused(Code.OUT_OF_TURN, lambda unit: service.enact(unit, office.secretary, made.id, unclassified=True))
    office.do(lambda unit: service.retire(unit, office.secretary, made.id, "不再使用"))
    do.refused(Code.OUT_OF_TURN, lambda unit: service.retire(unit, office.secretary, made.id, "再次"))


def test_only_a_leader_puts_in_force_and_confirms_that_nothing_is_classified(office: Office) -> None:
    made = office.drafted()
    office.refused(Code.FORBIDDEN, lambda unit: service.enact(unit, office.clerk, made.id, unclassified=True))
    office.refused(
        Code.SECRECY_UNCONFIRMED, lambda unit: service.enact(unit, office.secretary, made.id, unclassified=False)
    )
    office.enacted(made.id)
    office.refused(Code.FORBIDDEN, lambda unit: service.retire(unit, office.clerk, made.id, "不再使用"))
    office.refused(Code.NEEDS_REASON, lambda unit: service.retire(unit, office.secretary, made.id, " "))


def test_a_member_edits_nothing(office: Office, member: Actor) -> None:
    made = office.drafted()
    directory = office.directory
    office.refused(Code.FORBIDDEN, lambda unit: service.draft(unit, member, directory, "other", HALL, []))
    office.refused(Code.FORBIDDEN, lambda unit: service.redraft(unit, member, directory, made.id, HALL))
    office.refused(Code.FORBIDDEN, lambda unit: service.discard(unit, member, made.id))
    office.refused(Code.FORBIDDEN, lambda unit: service.share(unit, member, directory, made.id, []))
    office.refused(Code.FORBIDDEN, lambda unit: service.adopt_shipped(unit, member, "433"))
    office.refused(Code.FORBIDDEN, lambda unit: service.renew(unit, member, made.id))
    office.refused(Code.FORBIDDEN, lambda unit: service.adopt(unit, member, made.id))


def test_a_procedure_has_one_draft_at_a_time(office: Office) -> None:
    made = office.drafted()
    office.refused(Code.DRAFT_OPEN, lambda unit: service.draft(unit, office.clerk, office.directory, "HALL", HALL, []))
    office.do(lambda unit: service.discard(unit, office.clerk, made.id))
    assert office.all() == []
    assert office.drafted().version == 1, "a number that was told to nobody is given again"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": ""}, Code.BAD_VALUE), ({"name": "【秘密】规程"}, Code.CLASSIFIED), ({"steps": ()}, Code.BAD_VALUE),
        ({"steps": (Step("a", "一"),) * 31}, Code.BAD_VALUE),
        ({"steps": (Step("a", "一"), Step("a", "二"))}, Code.BAD_VALUE),
        ({"steps": (Step("A B", "一"),)}, Code.BAD_VALUE), ({"steps": (Step("a", ""),)}, Code.BAD_VALUE),
        ({"steps": (Step("a", "一", 251),)}, Code.BAD_VALUE), ({"steps": (Step("a", "一", -1),)}, Code.BAD_VALUE),
        ({"steps": (Step("a", "一", roles=("king",)),)}, Code.BAD_VALUE),
        ({"steps": (Step("a", "一", papers=("内部资料",)),)}, Code.CLASSIFIED),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(office: Office, changed: dict[str, object], code: Code) -> None:
    wrong = replace(HALL, **changed)  # type: ignore[arg-type]
    office.refused(code, lambda unit: service.draft(unit, office.clerk, office.directory, "other", wrong, []))


def test_a_code_is_a_code(office: Office) -> None:
    for code in ("", "民生", "a" * 41, "-a"):
        office.refused(Code.BAD_VALUE, lambda unit, c=code: service.draft(  # type: ignore[misc]
            unit, office.clerk, office.directory, c, HALL, []))  # fmt: skip


def test_steps_without_a_code_are_given_one_that_nobody_has(office: Office) -> None:
    steps = (Step("", "一"), Step("step1", "二"), Step("", "三"))
    assert office.drafted(replace(HALL, steps=steps)).step_codes == ["step2", "step1", "step3"]


@pytest.mark.parametrize("code", shipped.TEMPLATES)
def test_a_template_is_adopted_by_one_act_as_a_draft(office: Office, code: str) -> None:
    made = office.do(lambda unit: service.adopt_shipped(unit, office.clerk, code))
    assert (made.code, made.state, made.origin_id) == (code, ProcedureState.DRAFT, None)
    with office.units.read() as unit:
        assert queries.version(unit.session, made.id).steps == shipped.TEMPLATES[code].steps
    assert told(office.units) == []
    office.refused(Code.DRAFT_OPEN, lambda unit: service.adopt_shipped(unit, office.clerk, code))


def test_a_template_that_is_not_there_is_not_adopted(office: Office) -> None:
    office.refused(Code.NOT_FOUND, lambda unit: service.adopt_shipped(unit, office.clerk, "nothing"))


def _seen(office: Office, **changed: object) -> str:
    """Qingpu shared its version with us."""
    id = f"{places.QINGPU}.procedure.{'1' * 32}"
    values: dict[str, object] = {
        "id": id, "committee_id": places.QINGPU, "code": "hall", "version": 4, "name": "青浦议事规程",
        "use": ProcedureUse.TOPIC, "state": ProcedureState.IN_FORCE, "step_codes": ["a", "b"],
        "step_names": ["一", "二"], "step_stages": ["", ""], "step_workdays": [3, 0], "step_needs": [[Need.PLAN], []],
        "step_papers": [[], ["纪要"]], "step_roles": [[], []], "note": None, "origin_id": None, "since": TODAY,
        "until": None, "revision": 2, "changed_at": places.SPRING, "channels": ["o"], "as_of": places.SPRING,
    }  # fmt: skip
    with office.units.write() as unit:
        unit.session.add(SeenProcedureRow(**values | changed))
    return id


def test_anothers_version_is_adopted_as_a_copy_that_names_its_origin(office: Office) -> None:
    id = _seen(office)
    made = office.do(lambda unit: service.adopt(unit, office.clerk, id))
    assert (made.origin_id, made.name, made.version, made.committee_id) == (id, "青浦议事规程", 1, places.JIASHAN)
    with office.units.write() as unit:
        assert queries.version(unit.session, made.id).steps == (
            Step("a", "一", 3, (Need.PLAN,)), Step("b", "二", papers=("纪要",)),
        )  # fmt: skip
        unit.session.delete(unit.session.get_one(SeenProcedureRow, id))
    assert office.all() == [made], "what they take back later changes nothing here"


def test_lists_of_different_lengths_from_elsewhere_still_make_steps(office: Office) -> None:
    id = _seen(office, step_names=["一"], step_workdays=[], step_needs=[], step_papers=[[]], step_roles=[])
    made = office.do(lambda unit: service.adopt(unit, office.clerk, id))
    assert (made.step_names, made.step_workdays) == (["一", "b"], [0, 0])


def test_ours_and_what_nobody_shared_is_not_adopted(office: Office) -> None:
    own = office.enacted(office.drafted().id)
    for id in (own.id, f"{places.QINGPU}.procedure.{'2' * 32}"):
        office.refused(Code.NOT_FOUND, lambda unit, i=id: service.adopt(unit, office.clerk, i))  # type: ignore[misc]


def test_what_is_in_force_is_shared_with_more_only_by_who_may_sign(office: Office) -> None:
    made = office.enacted(office.drafted(shares=[]).id)
    office.refused(Code.NOT_SIGNED_OFF, lambda unit: service.share(unit, office.clerk, office.directory, made.id, OPEN))
    office.do(lambda unit: service.share(unit, office.secretary, office.directory, made.id, OPEN))
    assert [each.op for each in told(office.units)] == ["put"]
    office.do(lambda unit: service.share(unit, office.clerk, office.directory, made.id, []))
    assert [each.op for each in told(office.units)][-1] != "put"
    unknown = [Share(Scope.PARTNER, "999999")]
    office.refused(
        Code.UNKNOWN_COMMITTEE, lambda unit: service.share(unit, office.clerk, office.directory, made.id, unknown)
    )


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.sampled_from(["draft", "renew", "redraft", "discard", "enact", "retire"]), max_size=12))
def test_versions_walk_along_declared_states_and_their_history_says_how(office: Office, acts: list[str]) -> None:
    with office.units.write() as unit:
        for row in unit.session.query(ProcedureRow):
            unit.session.delete(row)
    codes: set[Code] = set()
    for act in acts:
        newest = max(office.all(), key=lambda each: each.version, default=None)
        id = newest.id if newest else f"{places.JIASHAN}.procedure.{'0' * 32}"
        try:
            with office.units.write() as unit:
                match act:
                    case "draft":
                        service.draft(unit, office.clerk, office.directory, "hall", HALL, OPEN)
                    case "redraft":
                        service.redraft(unit, office.clerk, office.directory, id, HALL)
                    case "enact":
                        service.enact(unit, office.secretary, id, unclassified=True)
                    case "retire":
                        service.retire(unit, office.secretary, id, "不再使用")
                    case _:
                        getattr(service, act)(unit, office.clerk, id)
        except Refusal as refusal:
            codes.add(refusal.code)
    assert codes <= {Code.NOT_FOUND, Code.OUT_OF_TURN, Code.DRAFT_OPEN}
    found = office.all()
    states = [each.state for each in sorted(found, key=lambda each: each.version)]
    assert states.count(ProcedureState.IN_FORCE) <= 1
    assert states.count(ProcedureState.DRAFT) <= 1
    assert states == sorted(states, key=["RETIRED", "IN_FORCE", "DRAFT"].index), "older ones ended first"
    with office.units.read() as unit:
        for each in found:
            steps = taken.of(unit.session, each.id)
            assert [step.was for step in steps] == [None, *(step.now for step in steps[:-1])]
            assert steps[-1].now == each.state


def test_days_are_those_of_shanghai(office: Office, clock: places.Clock) -> None:
    clock.now = dt.datetime(2026, 4, 1, 17, tzinfo=dt.UTC)
    assert office.enacted(office.drafted().id).since == dt.date(2026, 4, 2)


@pytest.mark.seed(61)
def test_checks_of_research_are_adopted_named_by_the_committee_and_in_force(office: Office) -> None:
    """五要五不: only the name is published, so the committee says what each is, and goes through them one by one."""
    draft = office.do(lambda unit: service.adopt_shipped(unit, office.clerk, "research-checks"))
    template = shipped.TEMPLATES["research-checks"]
    assert "未列出五要、五不" in (template.note or "")
    named = tuple(replace(step, name=f"{step.stage}：{number}") for number, step in enumerate(template.steps, 1))
    words = replace(template, steps=named)
    office.do(lambda unit: service.redraft(unit, office.clerk, places.directory(), draft.id, words))
    made = office.enacted(draft.id)
    assert made.step_names == [f"{each}：{n}" for n, each in enumerate(["五要"] * 5 + ["五不"] * 5, 1)]
    assert made.state is ProcedureState.IN_FORCE
