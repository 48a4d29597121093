"""Pages of a member's own result, with why, and of objections to it."""

from starlette.routing import Route

from tenant_service.graph import idempotency
from tenant_service.identity.policy import UseCase
from tenant_service.performance import listing, queries, result_listing
from tenant_service.performance import objection_service as service
from tenant_service.performance import result_queries as results
from tenant_service.performance import scheme_rules as rules
from tenant_service.performance.listing import AT, keeps
from tenant_service.performance.models import LedgerRow
from tenant_service.performance.result_rules import OBJECTIONS, ObjectionAct, ObjectionState, ResultState
from tenant_service.web.site import Go, Site, View, Visit

_OF = f"{AT}/results/{{id}}/of/{{person}}"
_ALL, _ONE = f"{AT}/objections", f"{AT}/objections/{{id}}"
LOOKS = {ObjectionState.OPEN: "warn", ObjectionState.UPHELD: "good", ObjectionState.DECLINED: "bad"}


def routes(site: Site) -> list[Route]:
    return [
        Route(_OF, site.shows(own), methods=["GET"]),
        Route(f"{_OF}/object", site.acts(object_to, own), methods=["POST"]),
        Route(_ALL, site.shows(listed), methods=["GET"]),
        Route(_ONE, site.shows(one), methods=["GET"]),
        Route(f"{_ONE}/answer", site.acts(answer, one), methods=["POST"]),
        Route(f"{_ONE}/take-back", site.acts(take_back, one), methods=["POST"]),
    ]


def own(visit: Visit) -> View:
    """One member in a year's result: points, grade and place, each line with why; and what may be objected."""
    queries.has_ledger(visit.actor)
    session, person = visit.unit.session, visit.request.path_params["person"]
    row, result = (
        results.of_person(session, visit.actor, visit.id, person), results.one(session, visit.actor, visit.id),
    )  # fmt: skip
    scheme, lines = result_listing.scheme_of(visit, result.scheme_id), results.frozen_lines(session, row)
    of = result_listing.frozen(row)
    return View("member_result.html", {
        "row": row, "result": result, "scheme": scheme, "of": of, "shown": rules.shown,
        "table": result_listing.explained(visit, lines, of), "place": results.place(session, scheme, row),
        "lines": [(line.id, f"{line.day} {line.title}") for line in lines],
        "name": listing.names_of(visit, [person]).get(person, person),
        "after": results.came_after(session, result, row),
        "objections": [
            each for each in results.objections(session, visit.actor, result.id) if each.person_id == person
        ],
        "may_object": (
            person == visit.actor.person and visit.may(UseCase.OBJECT_TO_RESULT)
            and result.state is ResultState.PUBLISHED and result.until is not None
            and visit.site.today() <= result.until
        ),
        "values": {name: visit.form.get(name) for name in ("line", "text")}, "fields": ("line", "text", "reason"),
        "key": visit.key, "looks": LOOKS, "keeps": keeps(visit),
    })  # fmt: skip


def listed(visit: Visit) -> View:
    queries.has_ledger(visit.actor)
    state = ObjectionState.known(visit.asked("state"))
    rows = results.objections(visit.unit.session, visit.actor, state=state)
    return View("objections.html", {
        "rows": rows, "names": listing.names_of(visit, {each.person_id for each in rows}), "looks": LOOKS,
        "states": list(ObjectionState), "keeps": keeps(visit),
    })  # fmt: skip


def one(visit: Visit) -> View:
    """An objection with the line that it is about, and the answer."""
    queries.has_ledger(visit.actor)
    session, row = visit.unit.session, results.objection(visit.unit.session, visit.actor, visit.id)
    result = results.one(session, visit.actor, row.result_id)
    possible = set(OBJECTIONS.possible(row.state))
    line = session.get(LedgerRow, row.line_id) if row.line_id else None
    return View("objection.html", {
        "row": row, "result": result, "line": line, "looks": LOOKS, "shown": rules.shown,
        "name": listing.names_of(visit, [row.person_id]).get(row.person_id, row.person_id),
        "may_answer": keeps(visit) and ObjectionAct.UPHOLD in possible,
        "may_take_back": row.person_id == visit.actor.person and ObjectionAct.TAKE_BACK in possible,
        "values": {"answer": visit.form.get("answer")}, "fields": ("answer", "reason"),
    })  # fmt: skip


def object_to(visit: Visit) -> Go:
    told = {name: visit.form.get(name) for name in ("line", "text")}
    made = idempotency.once(
        visit.unit, visit.actor, "page.objection.object_to", visit.key, told | {"id": visit.id},
        lambda unit: str(service.object_to(unit, visit.actor, visit.id, told["text"], told["line"] or None).id),
        kept_as=str,
    )  # fmt: skip
    return Go(f"{_ALL}/{made}")


def answer(visit: Visit) -> Go:
    """By the one button or the other; by neither, nothing of the result changes."""
    act = service.uphold if visit.form.get("do") == "uphold" else service.decline
    act(visit.unit, visit.actor, visit.id, visit.form.get("answer"))
    return Go(f"{_ALL}/{visit.id}")


def take_back(visit: Visit) -> Go:
    service.take_back(visit.unit, visit.actor, visit.id)
    return Go(f"{_ALL}/{visit.id}")
