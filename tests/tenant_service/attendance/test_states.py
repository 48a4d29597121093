"""Whatever is tried with a list, in any order: states walk along their steps, and no place is promised twice."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.contract.errors import Refusal
from sync.contract.shapes.participations import ParticipationState as At
from sync.contract.shapes.requests import RequestKind
from tenant_service.activities import service as activity_service
from tenant_service.attendance import queries, service
from tenant_service.attendance.service import Invited
from tenant_service.identity.policy import Role
from tests.tenant_service import places
from tests.tenant_service.attendance.test_taking_part import Desk, person
from tests.tenant_service.told import told
from tests.tenant_service.walks import new_units

TRIED = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
PLACES = 2
STEPS = {
    None: {At.INVITED, At.REGISTERED, At.WAITLISTED, At.PRESENT},
    At.INVITED: {At.REGISTERED, At.WAITLISTED, At.DECLINED, At.PRESENT, At.ABSENT},
    At.REGISTERED: {At.WITHDRAWN, At.LEAVE_ASKED, At.PRESENT, At.ABSENT},
    At.WAITLISTED: {At.REGISTERED, At.WITHDRAWN, At.PRESENT, At.ABSENT},
    At.DECLINED: {At.REGISTERED, At.WAITLISTED, At.PRESENT},
    At.LEAVE_ASKED: {At.ON_LEAVE, At.REGISTERED, At.WITHDRAWN, At.PRESENT, At.ABSENT},
    At.ON_LEAVE: {At.REGISTERED, At.PRESENT},
    At.WITHDRAWN: {At.REGISTERED, At.WAITLISTED, At.PRESENT},
    At.PRESENT: {At.ABSENT},
    At.ABSENT: {At.PRESENT},
}
WHO = (*(person(n) for n in (1, 2, 3, 4)), person(5, places.QINGPU))
ARRIVING = ("come", "sheet", "was_there")
ABOUT_SOMEBODY = (
    "sign_up", "withdraw", "ask_leave", "invite", "accept", "decline", "grant", "not_grant", "was_absent", *ARRIVING,
)  # fmt: skip
# What fills places is tried most often, what ends it all but seldom.
NAMES = (*["sign_up", "invite", "accept"] * 6, *ABOUT_SOMEBODY, *["withdraw"] * 3, "wait", "hold", "cancel", "close")


@contextmanager
def desk_of(folder: Path, empty: Path) -> Iterator[Desk]:
    """Jiashan's desk over a new database, for an activity of two places."""
    clerk, secretary = places.staff(places.JIASHAN, Role.CLERK), places.staff(places.JIASHAN, Role.SECRETARY)
    with new_units(folder, empty) as units:
        yield Desk(units, places.directory(), clerk, secretary)


def acts(desk: Desk, who: str) -> dict[str, Callable[[], object]]:
    clerk, at = desk.clerk, desk.activity
    guest, report = Invited(who, "某某"), activity_service.Report(3, leader_present=False)

    def row() -> str:
        with desk.units.read() as unit:
            found = queries.row_for(unit.session, at, who)
            return found.id if found else f"{places.JIASHAN}.participation.{'0' * 32}"

    def answer(*, comes: bool) -> object:
        id = row()
        return desk.do(lambda u: service.answer_invitation(u, clerk, id, comes=comes, reason=None if comes else "忙"))

    def decide(*, granted: bool) -> object:
        id = row()
        return desk.do(lambda u: service.decide_leave(u, clerk, id, granted=granted, reason="已悉"))

    def correct(to: At) -> object:
        id = row()
        return desk.do(lambda u: service.correct(u, clerk, id, to, "更正"))

    return {
        "sign_up": lambda: desk.asks(RequestKind.SIGN_UP, who),
        "withdraw": lambda: desk.asks(RequestKind.WITHDRAW, who),
        "ask_leave": lambda: desk.asks(RequestKind.LEAVE, who, "出差", "OFFICIAL"),
        "invite": lambda: desk.do(lambda u: service.invite(u, clerk, at, guest)),
        "accept": lambda: answer(comes=True),
        "decline": lambda: answer(comes=False),
        "grant": lambda: decide(granted=True),
        "not_grant": lambda: decide(granted=False),
        "come": lambda: desk.do(lambda u: service.check_in_by_list(u, clerk, at, guest)),
        "sheet": lambda: desk.do(lambda u: service.enter_list(u, clerk, at, [guest])),
        "was_there": lambda: correct(At.PRESENT),
        "was_absent": lambda: correct(At.ABSENT),
        "wait": lambda: desk.units.clock.on(days=3),  # type: ignore[attr-defined]
        "hold": lambda: desk.do(lambda u: activity_service.hold(u, clerk, at)),
        "cancel": lambda: desk.do(lambda u: activity_service.cancel(u, clerk, at, "取消")),
        "close": lambda: desk.do(lambda u: service.close(u, clerk, at, report)),
    }


def taken(desk: Desk) -> int:
    with desk.units.read() as unit:
        return queries.taken(unit.session, desk.activity)


@TRIED
@given(tried=st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(WHO)), min_size=8, max_size=30))
def test_a_place_is_promised_once_and_states_walk_along_their_steps(
    tried: list[tuple[str, str]], tmp_path: Path, empty_sqlite: Path
) -> None:
    """Who comes without a place is counted all the same; but nothing else fills more places than there are."""
    with desk_of(tmp_path, empty_sqlite) as desk:
        for name, who in tried:
            before, were = desk.states(), taken(desk)
            events = told(desk.units)
            try:
                acts(desk, who)[name]()
            except Refusal:
                assert (desk.states(), told(desk.units)) == (before, events), f"{name} was refused and left a trace"
                continue
            now, are = desk.states(), taken(desk)
            for each, state in now.items():
                assert state is before.get(each) or state in STEPS[before.get(each)], (name, before.get(each), state)
            if name not in ARRIVING:
                assert are <= max(PLACES, were), f"{name} promised a place that was taken"
            there = sum(state is At.PRESENT for state in now.values())
            assert (desk.present() or 0) == there
            if desk.row_now().members_present is not None:
                assert desk.row_now().members_present == there
