"""Pages of taking part: the check-in list for the office, one's own place for a member."""

from pathlib import Path

import uuid_utils
from starlette.routing import Route

from sync.contract.errors import Code, Refusal
from sync.contract.ids import Id, owner_of
from sync.contract.shapes.participations import LeaveKind, ParticipationState
from sync.contract.shapes.requests import RequestKind, RequestState
from sync.edge.shell.pages import Link
from tenant_service.activities import queries as activities
from tenant_service.activities.drafts import REPORT_FIELDS, report_of, written
from tenant_service.activities.rules import OPEN_STATES
from tenant_service.attendance import (
    asking_service,
    entering_pages,
    half_day_pages,
    inviting_pages,
    queries,
    rules,
    service,
)
from tenant_service.attendance.codes import code_for
from tenant_service.attendance.tries import AT_DESKS
from tenant_service.exchange.restoring import recovered
from tenant_service.identity import quotas
from tenant_service.identity.policy import UseCase
from tenant_service.members import address_book
from tenant_service.members import queries as members
from tenant_service.requests import queries as request_queries
from tenant_service.requests.service import Asked
from tenant_service.web.drawing import qr
from tenant_service.web.site import Acting, Go, Panel, RoomPages, Site, View, Visit

FOUND = 8
"""People shown for a name that is looked up at the desk."""
_AT = "/activities/{id}"
_State = ParticipationState


def routes(site: Site) -> list[Route]:
    return [
        Route(f"{_AT}/attendance", site.shows(desk), methods=["GET"]),
        Route(f"{_AT}/attendance/present", site.acts(tick, desk), methods=["POST"]),
        Route(f"{_AT}/attendance/code", site.acts(take_code, desk), methods=["POST"]),
        Route(f"{_AT}/attendance/leave", site.acts(decide_leave, desk), methods=["POST"]),
        Route(f"{_AT}/attendance/correct", site.acts(correct, desk), methods=["POST"]),
        *inviting_pages.routes(site),
        *half_day_pages.routes(site, desk),
        *entering_pages.routes(site, desk),
        Route(f"{_AT}/close", site.shows(close_form), methods=["GET"]),
        Route(f"{_AT}/close", site.acts(close, close_form), methods=["POST"]),
        Route(f"{_AT}/sign-up", site.acts(ask(RequestKind.SIGN_UP)), methods=["POST"]),
        Route(f"{_AT}/withdraw", site.acts(ask(RequestKind.WITHDRAW)), methods=["POST"]),
        Route(f"{_AT}/leave", site.acts(ask(RequestKind.LEAVE)), methods=["POST"]),
        Route(f"{_AT}/desk-code", site.acts(desk_code), methods=["POST"]),
    ]


# ── the office's list ──


def desk(visit: Visit) -> View:
    """签到台: who is on the list and where each stands; scan or tick."""
    visit.actor.require(UseCase.CHECK_IN_OTHERS)
    row = activities.hosted(visit.unit.session, visit.id)
    listed = queries.of_activity(visit.unit.session, visit.actor, visit.id)
    most, units = visit.site.services.personal_rows_per_day, visit.site.units
    quotas.charge_list(units, visit.actor, row.id, quotas.of_others(visit.actor, listed), most)
    wanted, found = visit.asked("q"), []
    if wanted:
        asked = address_book.Wanted(name=wanted[:40])
        today = visit.site.today()
        people = address_book.persons(visit.unit.session, visit.actor, asked, today, FOUND, None)
        found = quotas.counted(units, visit.actor, people, most).rows
    on_list = {each.participant for each in listed}
    return View("attendance.html", {
        **inviting_pages.shown(visit, row, listed),
        "homes": {id: entry.short_name or entry.name for id, entry in visit.directory.entries.items()},
        "row": row, "listed": listed, "quota": quotas.standing(units, visit.actor, most),
        "found": [each for each in found if each.id not in on_list],
        "counts": {state: sum(each.state is state for each in listed) for state in _State},
        "is_open": row.state in OPEN_STATES and visit.unit.now >= row.starts_at - rules.OPENS_BEFORE,
        "digits": rules.desk_code(row.desk_secret, visit.unit.now), "fields": ("code", "reason", "lines", "who"),
        "may_grant": visit.may(UseCase.SIGN_UP_OTHERS), "takes_sign_ups": row.state in OPEN_STATES,
        "found_again": recovered.unchecked_among(visit.unit.session, [each.id for each in listed]),
        "ticked": _State.PRESENT, "asked_leave": _State.LEAVE_ASKED, "absent": _State.ABSENT,
    })  # fmt: skip


def tick(visit: Visit) -> Go:
    """签到 by the list: a name on it, or one that was looked up."""
    id = visit.form.get("participant")
    known = queries.row_for(visit.unit.session, visit.id, id)
    name = known.name if known else members.persons_named(visit.unit.session, [id]).get(id)
    if name is None:
        raise Refusal(Code.NOT_FOUND)
    service.check_in_by_list(visit.unit, visit.actor, visit.id, service.Invited(id, name))
    return _desk(visit)


def take_code(visit: Visit) -> Go:
    service.check_in_by_code(visit.unit, visit.actor, visit.id, visit.form.get("code"))
    return _desk(visit)


def decide_leave(visit: Visit) -> Go:
    service.decide_leave(
        visit.unit, visit.actor, visit.form.get("participation"),
        granted=visit.form.tells("granted"), reason=visit.form.text("reason"),
    )  # fmt: skip
    return _desk(visit)


def correct(visit: Visit) -> Go:
    to = visit.form.needed_kind("to", _State)
    id, reason = visit.form.get("participation"), visit.form.get("reason")
    service.correct(visit.unit, visit.actor, id, to, reason)
    return _desk(visit)


def close_form(visit: Visit) -> View:
    """办结情况; who was checked in by name is counted already, unless the list came back without people."""
    visit.actor.require(UseCase.DRAFT_ACTIVITY)
    row = activities.hosted(visit.unit.session, visit.id)
    is_whole = not recovered.is_incomplete(visit.unit.session, row.id)
    return View("activity_close.html", {
        "row": row, "values": written(visit.form, REPORT_FIELDS), "fields": REPORT_FIELDS,
        "counted": row.checked_in if is_whole else None,
    })  # fmt: skip


def close(visit: Visit) -> Go:
    """办结: the activity has its report; whoever did not come is settled with it."""
    service.close(visit.unit, visit.actor, visit.id, report_of(visit.form))
    return Go(f"/activities/{visit.id}")


# ── a member's own place ──


def ask(kind: RequestKind) -> Acting:
    """报名, 取消报名, 请假 for oneself, at home or abroad; a button pressed twice asks once."""

    def act(visit: Visit) -> Go:
        leave = visit.form.kind("kind", LeaveKind)
        asked = Asked(kind, visit.id, text=visit.form.text("reason"), detail=leave.value if leave else None)
        handlers = visit.site.services.handlers
        visit.once(
            "page.attendance.ask", vars(asked),
            lambda unit: asking_service.ask(unit, visit.actor, handlers, asked),
        )  # fmt: skip
        return Go(f"/activities/{visit.id}")

    return act


def desk_code(visit: Visit) -> Go:
    """签到 by the six digits on the wall."""
    AT_DESKS.count(visit.actor.sub, visit.id)
    service.check_in_at_desk(visit.unit, visit.actor, visit.id, visit.form.get("digits"))
    return Go(f"/activities/{visit.id}")


def beside(visit: Visit, kind: str, id: str) -> list[Panel]:
    """On an activity's page: how many take part for the office, one's own place for a member."""
    if kind != "activity" or not visit.actor.is_inside:
        return []
    return [*_of_office(visit, id), *_of_member(visit, id)]


def _of_office(visit: Visit, id: str) -> list[Panel]:
    if not visit.actor.sees_work or owner_of(id) != visit.actor.committee:
        return []
    counted = queries.counts(visit.unit.session, [id])
    told = [(state, number) for (_, state), number in counted.items() if number]
    may = visit.may(UseCase.CHECK_IN_OTHERS)
    counts = Panel("attendance_counts.html", {"id": id, "counts": told, "may_check_in": may})
    return [counts, *half_day_pages.panel(visit, id)]


def _of_member(visit: Visit, id: str) -> list[Panel]:
    """What a member may do about an activity, here or abroad; nothing where there is nothing to do."""
    if not visit.may(UseCase.SIGN_UP) or visit.actor.person is None:
        return []
    person = visit.actor.person
    activity, mine = activities.known(visit.unit.session, id), queries.mine(visit.unit.session, visit.actor, id)
    state = mine.state if mine else None
    asks = rules.asks(state, activity.state, activity.sign_up_until, visit.unit.now)
    asked = request_queries.last_about(visit.unit.session, id, visit.actor.person)
    is_refused = asked is not None and asked.state is RequestState.REFUSED
    takes_place = state in rules.TAKES_A_PLACE
    own = visit.directory.newest_shown(
        visit.site.committee, "code", visit.site.services.keys.of("code"), int(visit.unit.now.timestamp())
    )
    code = code_for(visit.unit, visit.site.units, visit.actor, own, Id(id)) if takes_place else ""
    return [Panel("attendance_mine.html", {
        "id": id, "state": state, "kinds": list(LeaveKind),
        "waits": asked is not None and asked.kind is RequestKind.SIGN_UP and not is_refused and state is None,
        "refused": _why(visit, asked) if asked is not None and is_refused else None, "key": uuid_utils.uuid7().hex,
        "may_sign_up": RequestKind.SIGN_UP in asks, "may_withdraw": RequestKind.WITHDRAW in asks,
        "may_leave": RequestKind.LEAVE in asks,
        "is_invited": state is _State.INVITED, "qr": qr(code, "m") if code else "",
        "is_here": owner_of(id) == visit.actor.committee, "seat": queries.seat_of(visit.unit.session, id, person),
        "half_days": half_day_pages.of_one(visit, id, person),
    })]  # fmt: skip


def _why(visit: Visit, asked: request_queries.Outcome) -> str:
    """What the host said, in the reader's language."""
    return (asked.reason_en if visit.here.language == "en" else asked.reason_zh) or asked.code or ""


def _desk(visit: Visit) -> Go:
    return Go(f"/activities/{visit.id}/attendance")


def named(visit: Visit, kind: str, id: str) -> Link | None:
    row = queries.row_of(visit.unit.session, visit.actor, id) if kind == "participation" else None
    return Link(f"/activities/{row.activity_id}/attendance", row.name) if row else None


PAGES = RoomPages(routes, Path(__file__).parent / "templates", beside=beside, named=named, beside_fields={
    Code.CODE_INVALID: ("code", "digits"), Code.CODE_EXPIRED: ("code",), Code.CODE_USED: ("code",),
})  # fmt: skip
