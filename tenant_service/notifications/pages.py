"""Pages of the inbox, of one's choices, and for the office of what was sent and what did not arrive."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sync.edge.shell.pages import Link
from sync.edge.shell.words import say
from tenant_service.identity import masks
from tenant_service.identity.policy import UseCase
from tenant_service.notifications import listing, queries, service
from tenant_service.notifications.listing import AT, SENT
from tenant_service.notifications.panels import todos, unread
from tenant_service.notifications.rules import DELIVERY, OUTSIDE, DeliveryState, NotificationKind, Way
from tenant_service.web.exporting import MOST_EXPORTED
from tenant_service.web.forms import Form
from tenant_service.web.site import Go, RoomPages, Site, View, Visit

SHOWN = 20
CONTACT_FIELDS = ("mobile", "email", "isDigest")


def routes(site: Site) -> list[Route]:
    async def opened(request: Request) -> Response:
        """Opening writes, by a message's link as well as from the list: it is one's own, and nothing else changes."""
        return await site.answered(request, Form(), open_one, writes=True)

    return [
        Route(AT, site.shows(inbox), methods=["GET"]),
        Route(f"{AT}.{{suffix:str}}", site.shows(exported), methods=["GET"]),
        Route(f"{AT}/read-all", site.acts(read_all, inbox), methods=["POST"]),
        Route(f"{AT}/choices", site.shows(choices), methods=["GET"]),
        Route(f"{AT}/choices", site.acts(choose, choices), methods=["POST"]),
        Route(SENT, site.shows(sent), methods=["GET"]),
        Route(f"{SENT}.{{suffix:str}}", site.shows(sent_exported), methods=["GET"]),
        Route(f"{SENT}/{{id}}/resend", site.acts(resend, sent), methods=["POST"]),
        Route(f"{SENT}/{{id}}/settle", site.acts(settle, sent), methods=["POST"]),
        Route(f"{AT}/{{id}}", opened, methods=["GET"]),
    ]


# ── one's own ──


def inbox(visit: Visit) -> View:
    service.has_inbox(visit.actor)
    session, wanted = visit.unit.session, listing.wanted(visit)
    rows, more = queries.inbox(session, visit.actor, wanted, SHOWN, visit.asked("after") or None)
    return View("notifications.html", {
        "rows": rows, "more": more, "total": queries.count(session, visit.actor, wanted),
        "unread": queries.unread(session, visit.actor), "kinds_told": list(NotificationKind),
        "sees_sent": visit.may(UseCase.SEE_NOTICES),
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    """The list as it is filtered, as a file."""
    service.has_inbox(visit.actor)
    rows, _ = queries.inbox(visit.unit.session, visit.actor, listing.wanted(visit), MOST_EXPORTED, None)
    return listing.table(visit, rows).file("notifications", visit.request.path_params["suffix"])


def open_one(visit: Visit) -> Go:
    """It is read, and what it is about is shown; where the visitor is not shown that any more, the inbox."""
    row = service.read(visit.unit, visit.actor, visit.id)
    link = listing.about(visit, row.subject)
    return Go(link.href if link and link.href else AT)


def read_all(visit: Visit) -> Go:
    service.read_all(visit.unit, visit.actor)
    return Go(AT)


def choices(visit: Visit) -> View:
    """通知方式: as just written, else as it stands."""
    service.has_inbox(visit.actor)
    session, who = visit.unit.session, service.recipient_of(visit.actor)
    standing, chosen = queries.contact(session, who), queries.choices(session, who)
    values = {name: visit.form.get(name) for name in CONTACT_FIELDS if visit.form.tells(name)}
    if not visit.form.values and standing is not None:
        values = {
            "mobile": masks.phone(standing.mobile) if standing.mobile else "", "email": standing.email or "",
            "isDigest": "yes" if standing.is_digest else "",
        }  # fmt: skip
    ticked = set(visit.form.all("way")) if visit.form.values else _codes(chosen)
    return View("notification_choices.html", {
        "kinds_told": list(NotificationKind), "outside": list(OUTSIDE), "ticked": ticked, "values": values,
        "fields": CONTACT_FIELDS,
    })  # fmt: skip


def choose(visit: Visit) -> Go:
    form, ticked = visit.form, set(visit.form.all("way"))
    service.reach(visit.unit, visit.actor, form.text("mobile"), form.text("email"), is_digest=form.tells("isDigest"))
    service.choose(visit.unit, visit.actor, {
        kind: [way for way in OUTSIDE if f"{kind.value}:{way.value}" in ticked] for kind in NotificationKind
    })  # fmt: skip
    return Go(AT)


# ── for the office ──


def sent(visit: Visit) -> View:
    """发送情况: what left the house, by which way, and what became of it."""
    session, wanted = visit.unit.session, listing.sent_wanted(visit)
    found, more = queries.sent(session, visit.actor, wanted, SHOWN, visit.asked("after") or None)
    return View("notifications_sent.html", {
        "found": found, "more": more, "total": queries.count_sent(session, wanted), "looks": listing.LOOKS,
        "names": listing.names_of(visit, found), "may": {each.delivery.id: _possible(each) for each in found},
        "links": {each.delivery.id: listing.about(visit, each.notification.subject) for each in found},
        "states": list(DeliveryState), "ways": [each for each in Way if each is not Way.INBOX],
        "kinds_told": list(NotificationKind),
    })  # fmt: skip


def _possible(of: queries.Sent) -> tuple[str, ...]:
    return tuple(act.value for act in DELIVERY.possible(of.delivery.state))


def sent_exported(visit: Visit) -> Response:
    """The list as it is filtered, as a file."""
    found, _ = queries.sent(visit.unit.session, visit.actor, listing.sent_wanted(visit), MOST_EXPORTED, None)
    return listing.sent_table(visit, found).file("notifications-sent", visit.request.path_params["suffix"])


def resend(visit: Visit) -> Go:
    service.resend(visit.unit, visit.actor, visit.id)
    return Go(SENT)


def settle(visit: Visit) -> Go:
    service.settle(visit.unit, visit.actor, visit.id)
    return Go(f"{SENT}?state=FAILED")


def _codes(chosen: dict[NotificationKind, tuple[Way, ...]]) -> set[str]:
    return {f"{kind.value}:{way.value}" for kind, ways in chosen.items() for way in ways}


PAGES = RoomPages(
    routes, Path(__file__).parent / "templates", todos=todos, unread=unread, inbox=Link(AT, say("通知"))
)  # fmt: skip
