"""Whatever is tried with topics, in any order: each walks along its steps, its history explains every change, and
nobody outside hears of one before it is accepted and shared.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.contract.errors import Refusal
from sync.contract.shapes.activities import ActivityKind
from sync.contract.shapes.procedures import Need
from sync.contract.shapes.topics import ReturnReason, TopicCategory, TopicRecord, TopicState
from tenant_service.relations.kinds import Relation
from tenant_service.storage.unit_of_work import Unit
from tenant_service.topics import codes, queries, rating_service, routing_service, service
from tenant_service.topics import handling_service as handling
from tenant_service.topics import screening_service as screening
from tenant_service.topics.descriptions import Plan
from tenant_service.topics.rules import STATES, Act
from tests.tenant_service import places
from tests.tenant_service.told import told
from tests.tenant_service.topics.office import LIFTS, OPEN, TODAY, Office
from tests.tenant_service.walks import explained, new_units

TRIED = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
LATER = dt.date(2028, 12, 31)
ROADS = LIFTS
BY = {(places.JIASHAN, False), ("", True)}
"""Home of who took a step, and whether it is a reporter's: these have no account."""


@contextmanager
def office_of(folder: Path, empty: Path) -> Iterator[Office]:
    """Jiashan's office over a new database."""
    with new_units(folder, empty) as units:
        yield Office.at(units)


def acts(office: Office, id: str, other: str, procedure: str, research: str) -> dict[Act, Callable[[Unit], object]]:
    clerk, secretary = office.clerk, office.secretary
    return {
        Act.ACCEPT: lambda unit: screening.accept(unit, clerk, id, LIFTS),
        Act.RETURN: lambda unit: screening.turn_down(unit, clerk, id, ReturnReason.HOTLINE, "请拨12345"),
        Act.FORWARD: lambda unit: screening.forward(unit, clerk, id, "住建局", "属其职责"),
        Act.MERGE: lambda unit: screening.merge(unit, clerk, id, other, "同一件事"),
        Act.SPLIT: lambda unit: screening.split(unit, clerk, id, [LIFTS, ROADS]),
        Act.UNDO: lambda unit: screening.undo(unit, clerk, id, "处理有误"),
        Act.STORE: lambda unit: screening.store(unit, clerk, id, TopicCategory.HOUSING),
        Act.SELECT: lambda unit: handling.select(unit, clerk, id, Plan("主席会议", TODAY, 2026)),
        Act.PUT_BACK: lambda unit: handling.put_back(unit, clerk, id, "时机未到"),
        Act.BEGIN: lambda unit: handling.begin(unit, clerk, id, procedure),
        Act.HANDLE: lambda unit: handling.handle(unit, clerk, id),
        Act.PROVE: lambda unit: handling.prove(unit, clerk, id, Need.PLAN, TODAY, "方案"),
        Act.HOLD: lambda unit: handling.hold(unit, clerk, id, research),
        Act.ADVANCE: lambda unit: handling.advance(unit, clerk, id),
        Act.WRITE_NOTE: lambda unit: handling.write_note(unit, clerk, id, "已联系"),
        Act.RESOLVE: lambda unit: handling.resolve(unit, clerk, id, "已列入计划。"),
        Act.SEND_BACK: lambda unit: handling.send_back(unit, secretary, id, "再核"),
        Act.ANSWER: lambda unit: handling.answer(unit, secretary, id, unclassified=True),
        Act.REOPEN: lambda unit: handling.reopen(unit, secretary, id, "没有解决"),
        Act.UNSETTLED: lambda unit: rating_service.unsettled(unit, id, id, "二单元没装", 15),
        Act.ARCHIVE: lambda unit: handling.archive(unit, clerk, id),
        Act.REDESCRIBE: lambda unit: service.redescribe(unit, secretary, id, LIFTS),
        Act.TRACK: lambda unit: handling.track(unit, clerk, id, LATER),
        Act.ENTRUST: lambda unit: routing_service.entrust(unit, clerk, id, None),
        Act.HAND_ON: lambda unit: screening.hand_on(unit, clerk, id, None, "请窗口审看"),
        Act.RELATE: lambda unit: service.relate(unit, clerk, id, Relation.FOLLOWS_UP, other),
        Act.SHARE: lambda unit: service.share(unit, secretary, office.directory, id, [OPEN]),
    }  # fmt: skip


def _coded(unit: Unit, id: str) -> None:
    (report,) = queries.reports(unit.session, id)
    report.code_digest = codes.digest(id)


class Walk:
    """Two topics of one office, of which either may be merged into the other."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.ids = office.raised(), office.accepted()
        for each in self.ids:  # its reporter has a code
            office.do(lambda unit, id=each: _coded(unit, id))  # type: ignore[misc]
        shared = office.procedure(), office.held(ActivityKind.RESEARCH)
        self._acts = [acts(office, *pair, *shared) for pair in (self.ids, self.ids[::-1])]

    def does(self, which: int, act: Act) -> None:
        """The act is done along the table, or it is refused and nothing is other than before."""
        was, heard, before = self.office.row(self.ids[which]).state, told(self.office.units), self._stands()
        try:
            self.office.do(self._acts[which][act])
        except Refusal:
            assert (told(self.office.units), self._stands()) == (heard, before)
            return
        assert (act, was, self.office.row(self.ids[which]).state) in set(STATES)
        assert self.office.row(self.ids[1 - which]).state is before[1 - which][0].state

    def passes(self, days: int) -> None:
        clock: places.Clock = self.office.units.clock  # type: ignore[assignment]
        clock.on(days=days)

    def explained(self) -> None:
        """Each step goes on where the last one led, with who and when, and the topic stands where the last one led."""
        for id in self.ids:
            steps = explained(self.office.units, id, self.office.row(id).state)
            assert all((step.iss, step.act == "unsettled") in BY for step in steps)

    def _stands(self) -> list[tuple[TopicRecord, object]]:
        rows = [self.office.row(id) for id in self.ids]
        return [(row.record(), (row.approval, row.drafted_answer, self.office.steps(row.id))) for row in rows]


TRIES = st.tuples(st.sampled_from([0, 1]), st.sampled_from(list(Act)))
LEADING = [
    [Act.ACCEPT, Act.STORE, Act.SELECT, Act.BEGIN, Act.PROVE, Act.HOLD, Act.ADVANCE],
    [Act.ACCEPT, Act.HANDLE, Act.RESOLVE, Act.ANSWER, Act.REOPEN, Act.HANDLE, Act.RESOLVE, Act.ANSWER, Act.ARCHIVE],
    [Act.ACCEPT, Act.HANDLE, Act.RESOLVE, Act.ANSWER, Act.UNSETTLED, Act.HANDLE, Act.RESOLVE, Act.ANSWER, Act.ARCHIVE],
    [Act.ACCEPT, Act.STORE, Act.MERGE, Act.UNDO, Act.SPLIT],
]
"""Ways that lead far; what is drawn by lot is tried along them."""


@TRIED
@given(way=st.sampled_from(LEADING), tries=st.lists(st.lists(TRIES, max_size=3), min_size=9, max_size=9))
def test_whatever_is_tried_a_topic_walks_along_its_steps_and_history_explains_every_change(
    way: list[Act], tries: list[list[tuple[int, Act]]], tmp_path: Path, empty_sqlite: Path
) -> None:
    with office_of(tmp_path, empty_sqlite) as office:
        walk = Walk(office)
        for act, beside in zip(way, tries, strict=False):
            for which, tried in beside:
                walk.does(which, tried)
            if act is Act.ARCHIVE:
                walk.passes(16)
            walk.does(0, act)
        walk.explained()


def test_each_way_leads_to_its_end_and_each_act_is_somewhere_tried(tmp_path: Path, empty_sqlite: Path) -> None:
    """Or what is tried would come to little."""
    ends = []
    for way in LEADING:
        with office_of(tmp_path, empty_sqlite) as office:
            walk = Walk(office)
            assert walk._acts[0].keys() == set(Act)
            for act in way:
                walk.passes(16 if act is Act.ARCHIVE else 0)
                walk.does(0, act)
            ends.append((office.row(walk.ids[0]).state, office.row(walk.ids[0]).step))
    assert [state for state, _ in ends] == [
        TopicState.IN_PROCEDURE, TopicState.ARCHIVED, TopicState.ARCHIVED, TopicState.SPLIT,
    ]  # fmt: skip
    assert ends[0][1] is not None
