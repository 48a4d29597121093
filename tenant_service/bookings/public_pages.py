"""What a citizen meets: a form at a venue's address, its receipt with the 核验码, and what the code shows.

Everything works without scripts and without an account. Forms carry `csrf` and `key`, hidden, and belong to the device
they were shown to (a cookie). What is refused comes back on the form with what was written.

Addresses and fields, for whoever drives them over HTTP (urlencoded):

`GET` and `POST /q/<token of a venue>/book`, or `/book/<id of a venue>`
    `spaceId`, `kind` SEAT or VISIT, `day` 2026-12-03, `from` and `until` 09:00, `headcount`, `name`, `phone`; of a
    visiting group `groupName` and `origin`; `purpose` optional; `withLeaders=yes` 旁听 where leaders speak, which is
    approved first; `consent=yes` to the privacy notice. Answers 200 with the code in `<code id="code">`, this once.
`GET /booking`, `POST /booking`: `code`; `POST /booking/cancel`: `code`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.routing import Route

from sync.contract.errors import Code, Refusal, Said
from sync.contract.shapes.bookings import BookingChannel, BookingKind, BookingState
from sync.edge.networks import network_of
from sync.edge.shell.pages import Link
from sync.edge.windows import Window
from tenant_service.bookings import codes, listing, queries, service
from tenant_service.bookings.drafts import FIELDS, draft_of
from tenant_service.venues import queries as venues
from tenant_service.venues.drafts import hours
from tenant_service.web.drawing import qr
from tenant_service.web.open_forms import OpenForms, address_of, device_of, secret
from tenant_service.web.site import Site, View, Visit

_MINUTE, _HOUR = 60.0, 3_600.0
_CANCELLABLE = (BookingState.REQUESTED, BookingState.CONFIRMED)


@dataclass(frozen=True)
class Limits:
    """How much one device and one network do, where a whole village can be behind one address."""

    books: Window = field(default_factory=lambda: Window(6, _HOUR))
    books_of_network: Window = field(default_factory=lambda: Window(60, _HOUR))
    looks: Window = field(default_factory=lambda: Window(10, _MINUTE))
    looks_of_network: Window = field(default_factory=lambda: Window(60, _MINUTE))

    def booked(self, visit: Visit) -> None:
        """One more came from there. Raises: Refusal RATE_LIMITED, and then it did not."""
        self.books.count(device_of(visit.request).id)
        self.books_of_network.count(network_of(address_of(visit.request)))

    def looked(self, visit: Visit) -> None:
        """A code is about to be tried, right or wrong. Raises: Refusal RATE_LIMITED, whatever the code is."""
        self.looks.count(device_of(visit.request).id)
        self.looks_of_network.count(network_of(address_of(visit.request)))
        visit.request.state.has_looked = True


def routes(site: Site) -> list[Route]:
    forms, limits = OpenForms(site), Limits()

    def counted(act: Callable[[Visit], View]) -> Callable[[Visit], View]:
        def acted(visit: Visit) -> View:
            limits.looked(visit)
            return act(visit)

        return acted

    def book(visit: Visit) -> View:
        return _book(visit, limits)

    return [
        *(
            route for at in ("/q/{token}/book", "/book/{id}") for route in (
                Route(at, forms.shows(form), methods=["GET"]), Route(at, forms.takes(book, form), methods=["POST"])
            )
        ),
        Route("/booking", forms.shows(asking), methods=["GET"]),
        Route("/booking", forms.takes(counted(shown), asking, writes=False), methods=["POST"]),
        Route("/booking/cancel", forms.shows(asking), methods=["GET"]),
        Route("/booking/cancel", forms.takes(counted(cancel), again), methods=["POST"]),
    ]  # fmt: skip


# ── booking ──


def form(visit: Visit) -> View:
    """The form, with the venue's name and its rooms."""
    at = _venue(visit)
    values = {name: visit.form.get(name) for name in FIELDS} if visit.form.values else {"kind": "SEAT"}
    return View("booking_form.html", {
        "spaces": spaces(visit, at), "kinds": [BookingKind.SEAT, BookingKind.VISIT], "values": values,
        "fields": FIELDS, "key": visit.key, "action": visit.request.url.path, "at_desk": False, "open": True,
        "csrf_token": device_of(visit.request).csrf,
        "venue": Link("", venues.ours(visit.unit.session, at).name),
    })  # fmt: skip


def _book(visit: Visit, limits: Limits) -> View:
    at = _venue(visit)
    if not visit.form.tells("consent"):
        raise Refusal(Code.BAD_VALUE, field="consent", why=Said("请先阅读并同意", "read it and agree first"))
    draft = draft_of(visit.form)
    code = codes.of_form(secret(visit, b"booking-code"), visit.key, at, repr(draft))
    channel = BookingChannel.QR if visit.request.path_params.get("token") else BookingChannel.WEB
    done = service.book(visit.unit, service.citizen(visit.unit.committee), draft, channel, code, at)
    if done.is_new:  # what was refused for its words does not count
        limits.booked(visit)
    address = str(visit.request.url.replace(path="/booking", query="", fragment=""))
    return View("booking_receipt.html", {
        "code": codes.shown(code), "stands": done.stands, "href": "", "address": address, "qr": qr(address),
    })  # fmt: skip


# ── by the code ──


def asking(visit: Visit) -> View:
    """The form that asks for the code. A code that was typed is not written into the page again."""
    return View("booking_code.html", {"fields": ("code",), "csrf_token": device_of(visit.request).csrf})


def shown(visit: Visit) -> View:
    """The booking, by its code. Raises: Refusal NO_SUCH_BOOKING, of whatever is no code."""
    row = queries.by_code(visit.unit.session, visit.form.get("code"))
    if row is None:
        raise Refusal(Code.NO_SUCH_BOOKING)
    return View("booking_shown.html", {
        "it": row, "when": listing.when(row), "venue": venues.ours(visit.unit.session, row.venue_id).name,
        "space": venues.space_named(visit.unit.session, row.space_id), "code": visit.form.get("code"),
        "csrf_token": device_of(visit.request).csrf, "may_cancel": row.state in _CANCELLABLE, "fields": ("code",),
    })  # fmt: skip


def cancel(visit: Visit) -> View:
    service.cancel_by_code(visit.unit, visit.form.get("code"))
    return shown(visit)


def again(visit: Visit) -> View:
    """What was refused, on the page it was done on; where no code was looked at, on the form that asks for it: else who
    is refused for trying too often would be shown whether it was right.
    """
    if not getattr(visit.request.state, "has_looked", False):
        return asking(visit)
    try:
        return shown(visit)
    except Refusal:
        return asking(visit)


# ── parts ──


def spaces(visit: Visit, venue: str) -> list[tuple[str, str]]:
    """Rooms to choose from, of one venue or of all that are open, with seats and hours."""
    return [
        (space.id, f"{row.name} · {space.name}（{space.capacity}） {hours(space)}".rstrip())
        for row, found in venues.bookable(visit.unit.session) if not venue or row.id == venue for space in found
    ]  # fmt: skip


def _venue(visit: Visit) -> str:
    """The venue at whose address the form is. Raises: Refusal QR_INVALID, NOT_FOUND, VENUE_NOT_OPEN."""
    token = visit.request.path_params.get("token")
    row = venues.by_token(visit.unit.session, token) if token else venues.ours(visit.unit.session, visit.id)
    if not token and venues.one(visit.unit.session, visit.actor, row.id) is None:
        raise Refusal(Code.NOT_FOUND)
    return row.id
