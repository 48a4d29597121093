"""Pages of the inbox: what other committees handed over to bodies of our list, and whose assignments these take."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.handovers import HandlingAct, HandoverOrder, HandoverRecord
from sync.contract.shapes.items import ReplyClass
from sync.contract.shapes.members import BodyRecord
from sync.edge.shell import formats
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.assignments import handover_rules as handing
from tenant_service.assignments import inbox_queries as inbox
from tenant_service.assignments import inbox_service as service
from tenant_service.assignments import listing, rules
from tenant_service.assignments.drafts import REPLY_FIELDS, reply_of, written
from tenant_service.assignments.models import SeenHandoverRow
from tenant_service.exchange.watching import freshness
from tenant_service.identity.policy import UseCase
from tenant_service.members import offer_queries as offers
from tenant_service.members import offer_service
from tenant_service.members import queries as members
from tenant_service.storage.paging import Page
from tenant_service.web import sharing
from tenant_service.web.exporting import whole
from tenant_service.web.site import Go, View, Visit

SHOWN = 20
_ONE, _BODY = "/inbox/{id}", "/inbox/bodies/{id}"
_FIELDS = ("reason", "suggested", "dueOn", "paperNumber", *REPLY_FIELDS)


def routes(get: Callable[[str, object], Route], post: Callable[..., Route]) -> list[Route]:
    """`get` and `post` make the routes of the site."""
    return [
        get("/inbox", listed),
        get("/inbox.{suffix:str}", exported),
        get("/inbox/bodies", bodies),
        get(_BODY, body),
        get(f"{_BODY}/share", offer_form),
        post(f"{_BODY}/share", offer, offer_form),
        get(_ONE, one),
        *(
            post(f"{_ONE}/{name}", act, one)
            for name, act in (
                ("accept", accept), ("ask-to-return", ask_to_return), ("ask-extension", ask_extension),
                ("reply", reply), ("let-in", let_in), ("turn-away", turn_away),
            )
        ),
    ]  # fmt: skip


def listed(visit: Visit) -> View:
    """来自其他政协的交办: all of it, with what is over."""
    at_inbox(visit)
    found = _page(visit, _which(visit), SHOWN, visit.asked("after") or None)
    return View("inbox.html", {
        "table": table(visit, found.rows), "total": found.count(), "more": found.more,
        "may_offer": visit.may(UseCase.EDIT_MEMBERS), "is_office": visit.actor.sees_work,
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    """The list as it is filtered, as a file."""
    at_inbox(visit)
    rows = whole(lambda first, after: _page(visit, _which(visit), first, after))
    return table(visit, rows).file("inbox", visit.request.path_params["suffix"])


def _which(visit: Visit) -> inbox.Wanted:
    """By the box of an inbox, or by whether it is over."""
    if visit.asked("box") in listing.BOXES:
        return _wanted(visit, visit.asked("box"))
    found = {
        "open": inbox.Wanted(is_over=False), "over": inbox.Wanted(is_over=True),
        "unasked": inbox.Wanted(is_over=False, is_taken=False),
    }  # fmt: skip
    return found.get(visit.asked("which"), inbox.Wanted())


def one(visit: Visit) -> View:
    """One of them, with what our side did and what became of that, and what may be done."""
    session, actor = visit.unit.session, visit.actor
    row = inbox.row_of(session, actor, visit.id)
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    waiting, may = inbox.waiting(session, row.id), _may(visit, row)
    return View("handover.html", {
        "it": row.record(), "row": row, "sender": _from(visit, row.committee_id), "may": may,
        "body": members.bodies_named(session, [row.body_id]).get(row.body_id), "looks": listing.LOOKS,
        "in_hands": rules.IN_HANDS, "due": listing.due(visit, row),
        "late": listing.late(visit, row, visit.site.today()), "state": state_of(visit, row), "waiting": waiting,
        "done": [(HandlingAct.known(each.detail or ""), each) for each in inbox.done(session, row.id)],
        "as_of": freshness.as_of(session, [row.committee_id]).get(row.committee_id),
        "fields": _FIELDS, "values": written(visit.form, _FIELDS), "classes": list(ReplyClass),
        "panels": visit.beside("handover", row.id),
    })  # fmt: skip


def bodies(visit: Visit) -> View:
    """承办范围: each body of our list, and whose assignments it takes."""
    visit.actor.require(UseCase.SEE_WORK)
    return _offered(visit, [each for each, _ in offers.listed(visit.unit.session, visit.site.today())])


def body(visit: Visit) -> View:
    """The same of one of them."""
    visit.actor.require(UseCase.SEE_WORK)
    return _offered(visit, [_listed_body(visit)[0]])


def _offered(visit: Visit, of: Sequence[BodyRecord]) -> View:
    lines = [(each, offers.takers(visit.unit.session, visit.directory, each.id)) for each in of]
    return View("offered_bodies.html", {"lines": lines, "may_offer": visit.may(UseCase.EDIT_MEMBERS)})


def _listed_body(visit: Visit) -> tuple[BodyRecord, Sequence[str]]:
    """The body of the address, with whom it is offered to. Raises: Refusal NOT_FOUND, there is none such."""
    listed = offers.listed(visit.unit.session, visit.site.today())
    found = next((each for each in listed if each[0].id == visit.id), None)
    if found is None:
        raise Refusal(Code.NOT_FOUND)
    return found


def offer_form(visit: Visit) -> View:
    visit.actor.require(UseCase.EDIT_MEMBERS)
    record, kept = _listed_body(visit)
    return sharing.form(visit, f"/inbox/bodies/{record.id}", record.name, kept, offer_service.SCOPES)


# ── acts ──


def offer(visit: Visit) -> Go:
    shares = sharing.chosen_in(visit.form.all(sharing.FIELD))
    offer_service.offer(visit.unit, visit.actor, visit.directory, visit.id, shares)
    return Go("/inbox/bodies")


def accept(visit: Visit) -> Go:
    service.accept(visit.unit, visit.actor, visit.site.services.handlers, visit.id)
    return _back(visit)


def ask_to_return(visit: Visit) -> Go:
    told = visit.form.get("reason"), visit.form.text("suggested")
    service.ask_to_return(visit.unit, visit.actor, visit.site.services.handlers, visit.id, *told)
    return _back(visit)


def ask_extension(visit: Visit) -> Go:
    told = visit.form.needed_day("dueOn"), visit.form.get("reason")
    service.ask_extension(visit.unit, visit.actor, visit.site.services.handlers, visit.id, *told)
    return _back(visit)


def reply(visit: Visit) -> Go:
    service.reply(
        visit.unit, visit.actor, visit.site.services.handlers, visit.id, reply_of(visit.form),
        document_no=visit.form.text("paperNumber"), without_opinions=visit.form.tells("withoutOpinions"),
    )  # fmt: skip
    return _back(visit)


def let_in(visit: Visit) -> Go:
    service.let_in(visit.unit, visit.actor, visit.id)
    return _back(visit)


def turn_away(visit: Visit) -> Go:
    service.turn_away(visit.unit, visit.actor, visit.site.services.handlers, visit.id, visit.form.get("reason"))
    return _back(visit)


# ── parts ──


def at_inbox(visit: Visit) -> None:
    """Raises: Refusal NOT_SIGNED_IN, FORBIDDEN; the inbox is for our office and for contacts of bodies."""
    if not visit.may(UseCase.SEE_WORK):
        visit.actor.require(UseCase.HANDLE_ASSIGNMENTS)


def _page(visit: Visit, wanted: inbox.Wanted, first: int, after: str | None) -> Page:
    return inbox.listed(visit.unit.session, visit.actor, wanted, HandoverOrder.DUE_ON_ASC, first, after)


@dataclass(frozen=True)
class Beside:
    """What other committees handed over, beside a list of our own: the first of them, how many there are, and where
    all of them are.
    """

    table: Table
    total: int
    at: str


def of_box(visit: Visit, code: str) -> Beside | None:
    """What of it lies in this box, as its number counts it; beside the whole list what is not over. None: nothing."""
    if code and not _is_box(visit, code):
        return None
    found = _page(visit, _wanted(visit, code), SHOWN, None)
    at = f"/inbox?box={code}" if code else "/inbox?which=open"
    return Beside(table(visit, found.rows), found.count(), at) if found.rows else None


def count(visit: Visit, code: str) -> int:
    """How many of them lie in this box: a body has one inbox, whoever assigned it."""
    return inbox.count(visit.unit.session, visit.actor, _wanted(visit, code)) if _is_box(visit, code) else 0


def _is_box(visit: Visit, code: str) -> bool:
    """A box of the body's inbox. The desk of the 交办单位 and what the office looks at hold our own alone."""
    return code in listing.BOXES and visit.may(UseCase.HANDLE_ASSIGNMENTS)


def _wanted(visit: Visit, code: str) -> inbox.Wanted:
    if code == "over" or code not in listing.BOXES:
        return inbox.Wanted(is_over=code == "over")
    box = listing.box(visit, code)
    return inbox.Wanted(box.states, box.due_from, box.due_to, box.late_on, urged=box.urged)


def table(visit: Visit, rows: Sequence[HandoverRecord]) -> Table:
    heads = (
        say("来自"), say("事项"), say("承办单位"), say("办理方式"), say("交办日期"), say("办理期限"), say("状态"),
        say("逾期"), say("催办"),
    )  # fmt: skip
    today, names = visit.site.today(), members.bodies_named(visit.unit.session, {row.body_id for row in rows})

    def line(row: HandoverRecord) -> Row:
        late = listing.late(visit, row, today) if row.moved_at is None else None
        cells = (
            _from(visit, row.committee_id), row.text, names.get(row.body_id), visit.say(row.role.label),
            str(row.assigned_on or ""), listing.due(visit, row), state_of(visit, row), late, _urged(visit, row),
        )  # fmt: skip
        return Row(cells, f"/inbox/{row.id}", "late" if late else "")

    columns = tuple(Column(visit.say(head)) for head in heads)
    caption, empty = visit.say(say("来自其他政协的交办")), say("暂无来自其他政协的交办")
    return Table(caption, columns, tuple(map(line, rows)), empty)


def _urged(visit: Visit, row: HandoverRecord) -> str | None:
    if row.urged_on is None or row.moved_at is not None or row.state not in rules.IN_HANDS:
        return None
    last = formats.day(row.urged_on, visit.site.today(), visit.here.language)
    return visit.say(say("%(last)s催办")) % {"last": last}


def state_of(visit: Visit, row: HandoverRecord | SeenHandoverRow) -> str:
    """Where it stands at its owner, and that something of ours is on its way."""
    if row.moved_at is not None:
        return visit.say(say("已改派其他单位"))
    state = visit.say(row.state.label)
    return f"{state} · {visit.say(say('已提交，待对方确认'))}" if inbox.waiting(visit.unit.session, row.id) else state


def _may(visit: Visit, row: SeenHandoverRow) -> frozenset[str]:
    """What the visitor may do now; the service decides anew when it is done."""
    waiting = inbox.waiting(visit.unit.session, row.id)
    acts = handing.possible(
        row.state, waiting, is_moved=row.moved_at is not None, asks_extension=row.extension_until is not None
    )
    if not row.is_taken:
        is_open = row.moved_at is None and row.state not in rules.OVER
        if not (visit.may(UseCase.EDIT_ITEMS) and is_open):
            return frozenset()
        return frozenset({"let_in"} | ({"turn_away"} if HandlingAct.ASK_TO_RETURN in acts else set()))
    is_its = visit.may(UseCase.HANDLE_ASSIGNMENTS) and row.body_id == visit.actor.body
    return frozenset(each.value.lower() for each in acts) if is_its else frozenset()


def _from(visit: Visit, committee: str) -> str:
    listed = visit.directory.entries.get(committee)
    return listed.name if listed else committee


def _back(visit: Visit) -> Go:
    return Go(f"/inbox/{visit.id}")
