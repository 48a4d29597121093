"""Pages of calls (吹哨报到): the list, a new one, and one with what each body answered."""

from collections.abc import Callable

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal
from sync.contract.ids import checked, kind_of, owner_of
from sync.edge.shell.words import say
from tenant_service.assignments import call_listing as listing
from tenant_service.assignments import call_queries as queries
from tenant_service.assignments import call_service as service
from tenant_service.assignments.call_rules import CALLS, CallAct
from tenant_service.assignments.call_service import Draft
from tenant_service.history import taken
from tenant_service.identity.policy import UseCase
from tenant_service.members import posting_queries as postings
from tenant_service.web import history, sharing
from tenant_service.web.exporting import whole
from tenant_service.web.site import Go, View, Visit

SHOWN = 20
FIELDS = ("caller", "title", "place", "answerBy", "bodyIds", "aboutId")
ACTS = {
    "call": say("吹哨"), "answer": say("报到"), "complete": say("全部回应"), "end": say("结束"),
    "cancel": say("取消"), "recover": say("找回"),
}  # fmt: skip
_ONE = "/calls/{id}"


def routes(get: Callable[[str, object], Route], post: Callable[..., Route]) -> list[Route]:
    """`get` and `post` make the routes of the site."""
    return [
        get("/calls", listed), get("/calls.{suffix:str}", exported), get("/calls/new", form),
        post("/calls/new", call, form), get(_ONE, one), post(f"{_ONE}/answer", answer, one),
        post(f"{_ONE}/end", end, one), post(f"{_ONE}/cancel", cancel, one),
    ]  # fmt: skip


def listed(visit: Visit) -> View:
    found = listing.page(visit, SHOWN, visit.asked("after") or None)
    return View("calls.html", {
        "table": listing.table(visit, found.rows), "total": found.count(), "more": found.more, "boxes": _boxes(visit),
        "may_call": visit.may(UseCase.CALL_BODIES),
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    rows = whole(lambda first, after: listing.page(visit, first, after))
    return listing.table(visit, rows).file("calls", visit.request.path_params["suffix"])


def one(visit: Visit) -> View:
    session, actor = visit.unit.session, visit.actor
    told = queries.one(session, actor, visit.id)
    if told is None:
        raise Refusal(Code.NOT_FOUND)
    row, is_own = queries.at_work(session, actor, visit.id), owner_of(told.id) == actor.committee
    possible = CALLS.possible(told.state) if row else ()
    may_call = visit.may(UseCase.CALL_BODIES) and row is not None
    may = {each.value for each in possible if each is CallAct.CANCEL and may_call}
    if may_call and CallAct.END in possible and told.answer_by <= visit.unit.now:
        may.add("end")
    mine = queries.own_answer(session, actor, told.id) if row else None
    if mine is not None and CallAct.ANSWER in possible:
        may.add("answer")
    return View("call.html", {
        "it": told, "row": row, "may": may, "labels": ACTS, "mine": mine, "fields": ("reason",),
        "silent": listing.silent(told),
        "answers": queries.answers(session, told.id) if actor.sees_work and is_own else [],
        "about": visit.named(kind_of(told.about_id), told.about_id) if told.about_id else None,
        "told": [name for _, name in queries.responsible(session, told.about_id)]
        if told.about_id and actor.sees_work and is_own else [],
        "is_told": row is not None and actor.is_contact and mine is None,
        "owner": None if is_own else visit.directory.get(told.committee_id).name,
        "steps": history.told(visit, taken.of(session, told.id)) if actor.sees_work and is_own else (),
        "panels": visit.beside("call", told.id),
    })  # fmt: skip


def form(visit: Visit) -> View:
    visit.actor.require(UseCase.CALL_BODIES)
    values = {name: visit.form.get(name) for name in FIELDS} if visit.form.values else {
        "aboutId": visit.asked("about")
    }  # fmt: skip
    about = values.get("aboutId")
    bodies = postings.listed_bodies(visit.unit.session, visit.site.today())
    return View("call_form.html", {
        "about": visit.named(kind_of(checked(about)), about) if about else None,
        "told": [name for _, name in queries.responsible(visit.unit.session, about)] if about else [],
        "values": values, "fields": FIELDS, "key": visit.key, "ticked": visit.form.all("bodyIds"),
        "bodies": [(each.id, each.name) for each in bodies],
        "sharing": sharing.sharing(visit.directory, visit.actor.committee, visit.form.all(sharing.FIELD)),
        "may_share": visit.may(UseCase.SIGN_OFF_ITEMS),
    })  # fmt: skip


def _boxes(visit: Visit) -> list[tuple[str, str, int]]:
    """Code, name and number of each box of who is called, or calls."""
    if not (visit.may(UseCase.HANDLE_ASSIGNMENTS) or visit.actor.sees_work):
        return []
    session, actor = visit.unit.session, visit.actor
    return [
        (code, visit.say(name), queries.count(session, actor, listing.box(visit, code)))
        for code, name in listing.BOXES.items()
    ]


# ── acting ──


def call(visit: Visit) -> Go:
    form = visit.form
    draft = Draft(
        form.get("caller"), form.get("title"), form.get("place"), form.needed_moment("answerBy"), form.all("bodyIds"),
        form.text("aboutId"),
    )  # fmt: skip
    shares = sharing.chosen_in(form.all(sharing.FIELD))
    told = {name: form.all(name) for name in (*FIELDS, sharing.FIELD)}
    made = visit.once(
        "page.calls.call", told, lambda unit: service.call(unit, visit.actor, visit.directory, draft, shares)
    )
    return Go(f"/calls/{made.id}")


def answer(visit: Visit) -> Go:
    comes = visit.form.get("comes") == "yes"
    service.answer(visit.unit, visit.actor, visit.id, comes=comes, why=visit.form.get("reason"))
    return Go(f"/calls/{visit.id}")


def end(visit: Visit) -> Go:
    service.end(visit.unit, visit.actor, visit.id)
    return Go(f"/calls/{visit.id}")


def cancel(visit: Visit) -> Go:
    service.cancel(visit.unit, visit.actor, visit.id, visit.form.get("reason"))
    return Go(f"/calls/{visit.id}")
