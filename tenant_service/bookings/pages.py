"""Pages of the bookings: the desk's list of the day, one booking, its form, and what a member booked."""

from functools import partial
from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.bookings import BookingChannel, BookingKind, BookingState
from sync.edge.shell.pages import Link
from sync.edge.shell.words import say
from tenant_service.bookings import codes, listing, public_pages, queries, rules, service
from tenant_service.bookings.drafts import FIELDS, draft_of
from tenant_service.bookings.models import BookingRow
from tenant_service.bookings.rules import Act
from tenant_service.history import taken
from tenant_service.identity import masks, quotas
from tenant_service.identity.disclosures import Purpose, Told
from tenant_service.identity.policy import UseCase
from tenant_service.venues import queries as venues
from tenant_service.web import history
from tenant_service.web.open_forms import secret
from tenant_service.web.site import Go, Panel, RoomPages, Site, Todo, View, Visit, Waits

AT = "/bookings"
SHOWN, MOST_IN_A_FILE = 50, 10_000


def routes(site: Site) -> list[Route]:
    return [
        *public_pages.routes(site),
        Route(AT, site.shows(listed), methods=["GET"]),
        Route(AT + ".{suffix:str}", site.shows(exported), methods=["GET"]),
        Route(AT + "/mine", site.shows(mine), methods=["GET"]),
        Route(AT + "/new", site.shows(form), methods=["GET"]),
        Route(AT + "/new", site.acts(book, form), methods=["POST"]),
        Route(AT + "/check", site.acts(check, listed), methods=["POST"]),
        Route(AT + "/{id}", site.shows(one), methods=["GET"]),
        Route(AT + "/{id}/reveal", site.acts(reveal, one), methods=["POST"]),
        Route(AT + "/{id}/cancel", site.acts(cancel, one), methods=["POST"]),
        *(
            Route(f"{AT}/{{id}}/{path}", site.acts(partial(_step, act=act), one), methods=["POST"])
            for path, act in _STEPS.items()
        ),
    ]


_STEPS = {
    "confirm": Act.CONFIRM, "check-in": Act.CHECK_IN, "finish": Act.FINISH, "miss": Act.MISS,
    "put-back": Act.PUT_BACK,
}  # fmt: skip


# ── reading ──


def listed(visit: Visit) -> View:
    """前台: today's bookings, or those that the address asks for, and the field that a code is typed into."""
    visit.actor.require(UseCase.HANDLE_BOOKINGS)
    wanted, session = listing.wanted(visit), visit.unit.session
    skip = visit.number("after") or 0
    rows, total = queries.listed(session, wanted, SHOWN, skip), queries.count(session, wanted)
    return View("bookings.html", {
        "table": listing.table(visit, rows), "total": total, "more": skip + SHOWN if total > skip + SHOWN else None,
        "kinds": list(BookingKind), "states": list(BookingState), "fields": ("code",), "today": visit.site.today(),
        "venues": [(row.id, row.name) for row, _ in venues.bookable(session)],
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    """The list as it is filtered, as a file; phones stay masked, and its rows count as those that were looked at."""
    visit.actor.require(UseCase.HANDLE_BOOKINGS)
    rows = queries.listed(visit.unit.session, listing.wanted(visit), MOST_IN_A_FILE)
    quotas.charge(visit.site.units, visit.actor, len(rows), visit.site.services.personal_rows_per_day)
    return listing.table(visit, rows).file("bookings", visit.request.path_params["suffix"])


def mine(visit: Visit) -> View:
    """What the visitor booked with their account."""
    visit.actor.require(UseCase.BOOK)
    person = visit.actor.person
    rows = queries.listed(visit.unit.session, queries.Wanted(person_id=person), SHOWN) if person else []
    return View("bookings_mine.html", {"table": listing.table(visit, rows[::-1], own=True)})


def one(visit: Visit) -> View:
    row = queries.BOOKINGS.ours(visit.unit.session, visit.id)
    is_own = visit.actor.is_home and visit.actor.person is not None and row.person_id == visit.actor.person
    if not is_own:
        visit.actor.require(UseCase.HANDLE_BOOKINGS)
    at_desk, disclosure = visit.may(UseCase.HANDLE_BOOKINGS), visit.asked("shown")
    possible = rules.STATES.possible(row.state)
    return View("booking.html", {
        "it": row, "when": listing.when(row), "venue": venues.ours(visit.unit.session, row.venue_id).name,
        "space": venues.space_named(visit.unit.session, row.space_id), "looks": listing.LOOKS,
        "phone": row.phone if is_own else masks.phone(row.phone) if row.phone else None,
        "shown": service.revealed(visit.unit, visit.actor, disclosure, row.id) if disclosure else None,
        "may": possible if at_desk else [],
        "may_cancel": Act.CANCEL in possible, "is_own": is_own, "at_desk": at_desk,
        "may_approve": not row.with_leaders or visit.may(UseCase.APPROVE_BOOKINGS),
        "may_reveal": at_desk and bool(row.phone) and visit.may(UseCase.REVEAL_CONTACTS),
        "purposes": [(each.value, visit.say(each.label)) for each in Purpose],
        "steps": history.told(visit, taken.of(visit.unit.session, row.id)) if at_desk else [], "labels": listing.ACTS,
        "fields": ("reason", "purpose", "came"), "values": {"came": row.came or row.headcount},
    })  # fmt: skip


def form(visit: Visit) -> View:
    """The desk's form, or a member's own."""
    if not visit.may(UseCase.HANDLE_BOOKINGS):
        visit.actor.require(UseCase.BOOK)
    values = {name: visit.form.get(name) for name in FIELDS} if visit.form.values else {"venue": visit.asked("venue")}
    return View("booking_form.html", {
        "spaces": public_pages.spaces(visit, visit.asked("venue")), "kinds": list(BookingKind), "values": values,
        "fields": FIELDS, "key": visit.key, "action": visit.request.url.path, "csrf_token": visit.csrf, "open": False,
        "at_desk": visit.may(UseCase.HANDLE_BOOKINGS), "venue": None,
    })  # fmt: skip


# ── acting ──


def book(visit: Visit) -> View:
    """It is booked, and the code is shown this once."""
    draft, at_desk = draft_of(visit.form), visit.may(UseCase.HANDLE_BOOKINGS)
    channel = BookingChannel.DESK if at_desk else BookingChannel.ACCOUNT
    code = codes.of_form(secret(visit, b"booking-code"), visit.key, visit.actor.sub, repr(draft))
    done = service.book(visit.unit, visit.actor, draft, channel, code)
    return View("booking_receipt.html", {
        "code": codes.shown(code), "stands": done.stands, "href": f"{AT}/{done.id}", "address": "", "qr": "",
    })  # fmt: skip


def check(visit: Visit) -> Go:
    """核验: a code that somebody shows."""
    return Go(f"{AT}/{service.check_in_by_code(visit.unit, visit.actor, visit.form.get('code'))}")


def _step(visit: Visit, act: Act) -> Go:
    unit, actor, id = visit.unit, visit.actor, visit.id
    if act is Act.CONFIRM:
        service.confirm(unit, actor, id)
    elif act is Act.CHECK_IN:
        service.check_in(unit, actor, id, visit.form.number("came"))
    elif act is Act.FINISH:
        service.finish(unit, actor, id, visit.form.number("came"))
    elif act is Act.MISS:
        service.miss(unit, actor, id)
    else:
        service.put_back(unit, actor, id)
    return Go(f"{AT}/{id}")


def cancel(visit: Visit) -> Go:
    service.cancel(visit.unit, visit.actor, visit.id, visit.form.text("reason"))
    return Go(f"{AT}/{visit.id}")


def reveal(visit: Visit) -> Go:
    told = Told(visit.form.get("reason"), visit.form.get("purpose"))
    shown = service.reveal(visit.unit, visit.actor, visit.id, told, visit.site.services.personal_rows_per_day)
    return Go(f"{AT}/{visit.id}?shown={shown}#shown")


# ── on other pages ──


def todos(visit: Visit) -> list[Todo]:
    """What waits at the desk, and for who approves where leaders are."""
    if not visit.may(UseCase.HANDLE_BOOKINGS):
        return []
    session, requested = visit.unit.session, (BookingState.REQUESTED,)
    plain = queries.count(session, queries.Wanted(states=requested, with_leaders=False))
    leaders = queries.count(session, queries.Wanted(states=requested, with_leaders=True))
    late = queries.count(session, queries.Wanted(over_before=visit.unit.now))
    found = [
        Todo(say("待确认预约"), plain, f"{AT}?state=REQUESTED&leaders=0", Waits.TO_DO),
        Todo(say("预约未登记到场"), late, f"{AT}?late=1", Waits.LATE),
        Todo(
            say("待审批旁听"), leaders, f"{AT}?state=REQUESTED&leaders=1",
            visit.waits(Waits.TO_REVIEW, UseCase.APPROVE_BOOKINGS),
        ),
    ]  # fmt: skip
    return [each for each in found if each.count]


def starts(visit: Visit) -> list[Link]:
    if visit.may(UseCase.HANDLE_BOOKINGS):
        return [Link(f"{AT}/new", say("登记预约"))]
    return [Link(f"{AT}/new", say("预约阵地")), Link(f"{AT}/mine", say("我的预约"))] if visit.may(UseCase.BOOK) else []


def beside(visit: Visit, kind: str, id: str) -> list[Panel]:
    """On a venue's page: the way to book it, and for the desk its bookings."""
    if kind != "venue" or id.partition(".")[0] != visit.unit.committee:
        return []
    if not venues.spaces(visit.unit.session, id):
        return []
    token = visit.request.path_params.get("token")
    at_desk = not token and visit.may(UseCase.HANDLE_BOOKINGS)
    own = f"{AT}/new?venue={id}" if not token and (at_desk or visit.may(UseCase.BOOK)) else None
    return [Panel("booking_panel.html", {
        "href": own or (f"/q/{token}/book" if token else f"/book/{id}"),
        "list": f"{AT}?venue={id}" if at_desk else None,
    })]  # fmt: skip


def named(visit: Visit, kind: str, id: str) -> Link | None:
    """What a disclosure or the audit log calls one."""
    if kind != "booking" or not visit.may(UseCase.HANDLE_BOOKINGS):
        return None
    try:
        row: BookingRow = queries.BOOKINGS.ours(visit.unit.session, id)
    except Refusal:
        return None
    return Link(f"{AT}/{id}", f"{visit.say(row.kind.label)} {listing.when(row)}")


PAGES = RoomPages(
    routes, Path(__file__).parent / "templates", at_work=(Link(AT, say("预约")),), named=named,
    todos=todos, starts=starts, beside=beside,
    beside_fields={
        Code.SPACE_FULL: ("headcount",), Code.SPACE_TAKEN: ("from",), Code.SPACE_SHUT: ("from",),
        Code.BAD_TIME: ("from",), Code.NO_SUCH_BOOKING: ("code",), Code.TOO_MANY_BOOKINGS: ("phone",),
    },
)  # fmt: skip
