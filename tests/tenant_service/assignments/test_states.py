"""Whatever is tried with an item and what is assigned of it, in any order: each walks along its steps, history explains
every change, and what was late stays so.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.contract.errors import Refusal
from sync.contract.shapes.items import AssignmentState, ItemState, Satisfaction
from tenant_service.assignments import handing_over_service as over
from tenant_service.assignments import handling_queries, service
from tenant_service.assignments import handling_service as handling
from tenant_service.assignments import reminder_service as reminding
from tenant_service.assignments.rules import ITEMS, STATES, Act, ItemAct, Part
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.storage.unit_of_work import Unit
from tests.tenant_service import places
from tests.tenant_service.assignments.office import ASSIST, LAMPS, LEAD, SOLVED, TERMS, Office, contact_of
from tests.tenant_service.told import told
from tests.tenant_service.walks import explained, new_units

TRIED = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
LATER = dt.date(2026, 12, 31)


@contextmanager
def office_of(folder: Path, empty: Path) -> Iterator[Office]:
    """Jiashan's office over a new database."""
    with new_units(folder, empty) as units:
        yield Office.at(units)


def of_items(office: Office, id: str) -> dict[ItemAct, Callable[[Unit], object]]:
    clerk, secretary, directory = office.clerk, office.secretary, office.supervision.directory
    return {
        ItemAct.REDRAFT: lambda unit: service.redraft(unit, clerk, directory, id, LAMPS, []),
        ItemAct.DISCARD: lambda unit: service.discard(unit, clerk, id),
        ItemAct.AGREE: lambda unit: service.agree(unit, secretary, id, unclassified=True),
        ItemAct.FORWARD: lambda unit: over.forward(unit, clerk, id, office.desk),
        ItemAct.NOT_ADOPT: lambda unit: service.not_adopt(unit, secretary, id, "条件不具备"),
        ItemAct.CARRY_OUT: lambda unit: service.carry_out(unit, secretary, id),
        ItemAct.REOPEN: lambda unit: service.reopen(unit, secretary, id, "又坏了"),
    }


def of_assignments(office: Office, id: str, contact: Actor) -> dict[Act, Callable[[Unit], object]]:
    clerk, secretary, desk = office.clerk, office.secretary, office.coordinator
    parts = [Part(office.bureau, LEAD), Part(office.roads, ASSIST)]
    return {
        Act.ASSIGN: lambda unit: over.assign(unit, desk, TERMS, id, parts),
        Act.ACCEPT: lambda unit: handling.accept(unit, contact, id),
        Act.ASK_TO_RETURN: lambda unit: handling.ask_to_return(unit, contact, TERMS, id, "非我局职责"),
        Act.UPHOLD: lambda unit: over.uphold(unit, desk, id, "维持"),
        Act.REASSIGN: lambda unit: over.reassign(unit, desk, TERMS, id, office.desk),
        Act.ASK_EXTENSION: lambda unit: handling.ask_extension(unit, contact, id, LATER, "工期"),
        Act.GRANT_EXTENSION: lambda unit: over.grant_extension(unit, desk, id),
        Act.REFUSE_EXTENSION: lambda unit: over.refuse_extension(unit, desk, id, "不同意"),
        Act.REPLY: lambda unit: handling.reply(unit, contact, id, SOLVED, without_opinions=True),
        Act.SEND_BACK: lambda unit: handling.send_back(unit, clerk, id, "再核"),
        Act.VERIFY: lambda unit: handling.verify(unit, clerk, id),
        Act.CLOSE: lambda unit: handling.close(unit, secretary, id, Satisfaction.SATISFIED, unclassified=True),
        Act.REOPEN: lambda unit: over.reopen(unit, desk, TERMS, id),
        Act.WITHDRAW: lambda unit: over.withdraw(unit, clerk, id, "撤回"),
        Act.RESCHEDULE: lambda unit: over.reschedule(unit, desk, id, LATER, "工期调整", "县府办〔2026〕8号"),
        Act.URGE: lambda unit: reminding.urge(unit, clerk, [id]),
    }  # fmt: skip


class Walk:
    """One item of a campaign, and all that is assigned of it."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.item = office.proposed(office.campaign())
        self.onward = {(act.value, was.value, now.value) for act, was, now in (*ITEMS, *STATES)}

    def assignments(self) -> list[str]:
        with self.office.units.read() as unit:
            return [row.id for row in handling_queries.of_item(unit.session, self.item)]

    def does(self, act: ItemAct | Act, which: int = 0) -> bool:
        """Done, and each step that was taken stands in the table; or refused, and nothing is other than before."""
        todo = self._meant(act, which)
        before, steps, heard = self._stands(), self._steps(), told(self.office.units)
        if todo is None:
            return False
        try:
            self.office.do(todo)
        except Refusal:
            assert (self._stands(), told(self.office.units)) == (before, heard)
            return False
        for id, since in self._steps().items():
            assert set(since[len(steps.get(id, ())) or 1 :]) <= self.onward
        return True

    def passes(self, days: int) -> None:
        clock: places.Clock = self.office.units.clock  # type: ignore[assignment]
        clock.on(days=days)

    def explained(self) -> None:
        """Each step goes on where the last one led, with who and when, and each stands where the last one led."""
        for id, state in self._states().items():
            assert {step.iss for step in explained(self.office.units, id, state)} == {places.JIASHAN}

    def goes_on(self) -> bool:
        """Somebody can take a step that leads further, unless the item is set aside; no state is a dead end."""
        if self._states()[self.item] is ItemState.NOT_ADOPTED:
            return True
        ahead: Way = [
            (act, which) for which, id in enumerate(self.assignments())
            for act in STATES.possible(self.office.row(id).state)
        ]  # fmt: skip
        ahead += [(act, 0) for act in ITEMS.possible(self.office.item(self.item).state)]
        return any(self.does(act, which) for act, which in ahead if act in ONWARD)

    def _meant(self, act: ItemAct | Act, which: int) -> Callable[[Unit], object] | None:
        if isinstance(act, ItemAct):
            return of_items(self.office, self.item).get(act)
        known = self.assignments()
        if not known:
            return None
        id = known[which % len(known)]
        body = self.office.row(id).body_id
        return of_assignments(self.office, id, contact_of(body or self.office.bureau, Role.DEPARTMENT))[act]

    def _steps(self) -> dict[str, list[tuple[str, str | None, str]]]:
        return {id: self.office.steps(id) for id in (self.item, *self.assignments())}

    def _states(self) -> dict[str, ItemState | AssignmentState]:
        rows = list(map(self.office.row, self.assignments()))
        return {self.item: self.office.item(self.item).state} | {row.id: row.state for row in rows}

    def _stands(self) -> object:
        return self.office.stands(self.item, *self.assignments())


Way = list[tuple[ItemAct | Act, int]]


def of_first(*acts: ItemAct | Act) -> Way:
    return [(act, 0) for act in acts]


DONE = of_first(
    ItemAct.AGREE, ItemAct.FORWARD, Act.ASSIGN, Act.ACCEPT, Act.ASK_EXTENSION, Act.GRANT_EXTENSION, Act.REPLY,
    Act.SEND_BACK, Act.REPLY, Act.VERIFY, Act.CLOSE, ItemAct.REOPEN, Act.REOPEN, Act.REPLY, Act.VERIFY, Act.CLOSE,
)  # fmt: skip
PASSED_ON = of_first(
    ItemAct.AGREE, ItemAct.FORWARD, Act.ASSIGN, Act.ASK_TO_RETURN, Act.UPHOLD, Act.ASK_TO_RETURN, Act.REASSIGN,
    Act.ACCEPT, Act.WITHDRAW, ItemAct.NOT_ADOPT,
)  # fmt: skip
LATE_OPINION: Way = [
    *of_first(ItemAct.AGREE, ItemAct.FORWARD, Act.ASSIGN, Act.ACCEPT), (Act.ACCEPT, 1),
    *of_first(Act.REPLY, Act.VERIFY), (Act.REPLY, 1),
]  # fmt: skip
"""The lead did not wait for it, and the office did not either."""
NEEDLESS_OPINION: Way = [
    *of_first(ItemAct.AGREE, ItemAct.FORWARD, Act.ASSIGN, Act.ACCEPT), (Act.ACCEPT, 1), (Act.REPLY, 1),
    (Act.WITHDRAW, 0), (ItemAct.NOT_ADOPT, 0),
]  # fmt: skip
OPINION_ALONE: Way = [
    *LATE_OPINION, *of_first(Act.CLOSE, ItemAct.REOPEN, Act.REOPEN, Act.WITHDRAW),
]  # fmt: skip
WAYS = [DONE, PASSED_ON, LATE_OPINION, NEEDLESS_OPINION, OPINION_ALONE]
BESIDE = [each for each in (*ItemAct, *Act) if each not in (ItemAct.DISCARD, ItemAct.ASSIGN, ItemAct.TAKE_BACK)]
"""What is tried beside; two acts of an item follow from others, and what is discarded has no more to tell."""
ONWARD: list[ItemAct | Act] = [
    act for act in (*Act, *ItemAct) if any(was is not now for each, was, now in (*STATES, *ITEMS) if each is act)
]
"""What leads anywhere."""


@TRIED
@given(
    way=st.sampled_from(WAYS), days=st.lists(st.sampled_from([0, 0, 0, 3, 60]), min_size=16, max_size=16),
    tries=st.lists(
        st.lists(st.tuples(st.sampled_from(BESIDE), st.integers(0, 3)), max_size=2), min_size=16, max_size=16
    ),
)  # fmt: skip
def test_whatever_is_tried_items_and_assignments_walk_along_their_steps_and_history_explains_every_change(
    way: Way, days: list[int], tries: list[list[tuple[ItemAct | Act, int]]], tmp_path: Path,
    empty_sqlite: Path,
) -> None:  # fmt: skip
    with office_of(tmp_path, empty_sqlite) as office:
        walk, late = Walk(office), dict[str, int]()
        for (act, one), pause, beside in zip(way, days, tries, strict=False):
            walk.passes(pause)
            for tried, which in beside:
                walk.does(tried, which)
            walk.does(act, one)
            for id in walk.assignments():
                now = office.row(id).days_late or 0
                assert now >= late.get(id, 0)
                late[id] = now
        walk.explained()
        assert walk.goes_on()


def test_each_way_leads_to_its_end(tmp_path: Path, empty_sqlite: Path) -> None:
    """Or what is tried would come to little."""
    ends = []
    for way in WAYS:
        with office_of(tmp_path, empty_sqlite) as office:
            walk = Walk(office)
            assert all(walk.does(act, which) for act, which in way)
            ends.append(walk._states()[walk.item])
            assert walk.goes_on()
    assert ends == [
        ItemState.DONE, ItemState.NOT_ADOPTED, ItemState.ASSIGNED, ItemState.NOT_ADOPTED, ItemState.ASSIGNED,
    ]  # fmt: skip
