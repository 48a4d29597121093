"""What the first page shows of lists and assignments, and what the page of a list's head does."""

from dataclasses import replace

from sync.contract.ids import owner_of
from sync.contract.shapes.items import AssignmentState, CallOrder, ItemKind, ItemState
from sync.edge.shell.pages import Link
from sync.edge.shell.words import say
from tenant_service.assignments import call_listing, call_queries, inbox_pages, listing, lists, proposal_pages, queries
from tenant_service.assignments import handling_queries as handling
from tenant_service.assignments import inbox_queries as inbox
from tenant_service.identity.policy import UseCase
from tenant_service.members import offer_queries as offers
from tenant_service.web.site import Panel, Todo, Visit, Waits

MOST_CALLS = 10
"""On the page of a body, and of what they are about."""
_FORWARDED = (AssignmentState.FORWARDED,)


def todos(visit: Visit) -> list[Todo]:
    session = visit.unit.session

    def of(label: str, box: str, waits: Waits | None = Waits.TO_DO) -> Todo:
        number = handling.count(session, visit.actor, listing.box(visit, box)) + inbox_pages.count(visit, box)
        return Todo(label, number, f"/assignments?box={box}", waits)

    found: list[Todo] = []
    if visit.may(UseCase.HAND_OVER):
        found += [
            of(listing.DESKS[box][0], box) for box in ("forwarded", "return_asked", "extension_asked", "reopened")
        ]
    if visit.may(UseCase.HANDLE_ASSIGNMENTS):
        found += [of(listing.BOXES[box][0], box) for box in ("urged", "to_accept", "in_progress")]
    if visit.may(UseCase.HANDLE_ASSIGNMENTS) or visit.may(UseCase.CALL_BODIES):
        found += _calls(visit)
    if visit.actor.sees_work:
        if unasked := inbox.count(session, visit.actor, inbox.Wanted(is_over=False, is_taken=False)):
            waits = visit.waits(Waits.TO_DO, UseCase.EDIT_ITEMS)
            found.append(Todo(say("其他政协交办待决定"), unasked, "/inbox?which=unasked", waits))
        signs = visit.waits(Waits.TO_REVIEW, UseCase.SIGN_OFF_ITEMS)
        waiting = queries.standing_at(session, ItemState.PROPOSED)
        found += [
            Todo(say("清单待确认"), waiting, "/items?state=PROPOSED", signs),
            of(say("回复待核实"), "to_verify", visit.waits(Waits.TO_REVIEW, UseCase.EDIT_ITEMS)),
            of(say("回复待办结"), "to_close", signs),
        ]
    if found:
        found += [of(say("交办即将到期"), "soon"), of(say("交办逾期"), "late", Waits.LATE)]
    return found


def _calls(visit: Visit) -> list[Todo]:
    """What waits for the visitor's body to say whether it comes; for who called, who has not said so in time."""
    found = []
    for code, label in call_listing.BOXES.items():
        number = call_queries.count(visit.unit.session, visit.actor, call_listing.box(visit, code))
        found.append(Todo(label, number, f"/calls?box={code}", call_listing.waits(visit, code)))
    return found


def starts(visit: Visit) -> list[Link]:
    return [Link("/calls/new", say("吹哨"))] if visit.may(UseCase.CALL_BODIES) else []


def beside(visit: Visit, kind: str, id: str) -> list[Panel]:
    """The list of a topic, an activity or a campaign of ours, on its page; on a body's, what it has in hands."""
    if kind == "body":
        return [_of_body(visit, id)] if visit.actor.sees_work else []
    if kind not in lists.LISTS or owner_of(id) != visit.actor.committee:
        return []
    if kind == "proposal":
        return [*proposal_pages.panel(visit, id), *_of_list(visit, id)]
    return [*_of_list(visit, id), *_calls_about(visit, id)]


def _of_list(visit: Visit, id: str) -> list[Panel]:
    if visit.actor.is_contact:
        return []
    rows = queries.on_list(visit.unit.session, visit.actor, id)
    if not rows and not may_add(visit, id):
        return []
    counts = queries.reaching_counts(visit.unit.session, visit.actor, id)
    return [
        Panel(
            "items_panel.html",
            {"counts": counts, "at": f"/items/of/{id}", "is_empty": not rows, "may_add": may_add(visit, id)},
        )
    ]


def _calls_about(visit: Visit, id: str) -> list[Panel]:
    """Who was called together about it: for the office and who calls, and for the bodies that are told of it."""
    session, actor, may_call = visit.unit.session, visit.actor, visit.may(UseCase.CALL_BODIES)
    if not (actor.sees_work or may_call or actor.is_contact):
        return []
    wanted, order = call_queries.Wanted(about_id=id), CallOrder.CHANGED_AT_DESC
    rows = call_queries.listed(session, actor, wanted, order, MOST_CALLS, None).rows
    if not (rows or may_call):
        return []
    told = call_queries.responsible(session, id) if rows and actor.sees_work else []
    return [Panel("calls_panel.html", {
        "table": call_listing.table(visit, rows), "may_call": may_call, "about": id, "here": visit.here,
        "told": [name for _, name in told],
    })]  # fmt: skip


def _of_body(visit: Visit, body: str) -> Panel:
    session, actor = visit.unit.session, visit.actor
    boxes = [
        (code, visit.say(name), handling.count(session, actor, replace(listing.box(visit, code), body_id=body)))
        for code, (name, _) in listing.BOXES.items()
    ]
    calls = call_queries.of_body(session, body)
    return Panel("body_assignments_panel.html", {
        "takers": [each.name for each in offers.takers(session, visit.directory, body)],
        "may_offer": visit.may(UseCase.EDIT_MEMBERS)
        and any(each.id == body for each, _ in offers.listed(session, visit.site.today())),
        "body": body, "boxes": boxes, "calls": calls[:MOST_CALLS], "n_calls": len(calls),
        "to_assign": handling.count(session, actor, handling.Wanted(states=_FORWARDED, office_id=body)),
        "at": f"/assignments?body={body}",
    })  # fmt: skip


def may_add(visit: Visit, id: str) -> bool:
    """Whether the list takes something now, and of the visitor: anything of the office, findings of who supervises."""
    is_for_findings = ItemKind.FINDING in lists.of(id).kinds
    may = visit.may(UseCase.EDIT_ITEMS) or (is_for_findings and visit.may(UseCase.ADD_FINDINGS))
    return may and lists.head(visit.unit.session, id).takes
