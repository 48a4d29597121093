"""What the first page shows of lists and assignments, and what the page of a list's head does."""

from sync.contract.ids import owner_of
from sync.contract.shapes.items import AssignmentState, ItemKind, ItemState
from sync.edge.shell.words import say
from tenant_service.assignments import call_queries, listing, lists, queries
from tenant_service.assignments import handling_queries as handling
from tenant_service.identity.policy import UseCase
from tenant_service.web.site import Panel, Todo, Visit


def todos(visit: Visit) -> list[Todo]:
    session = visit.unit.session

    def of(label: str, box: str) -> Todo:
        number = handling.count(session, visit.actor, listing.box(visit, box))
        return Todo(label, number, f"/assignments?box={box}", is_due=True)

    found: list[Todo] = []
    if visit.may(UseCase.HAND_OVER):
        found += [
            of(listing.DESKS[box][0], box) for box in ("forwarded", "return_asked", "extension_asked", "reopened")
        ]
    if visit.may(UseCase.HANDLE_ASSIGNMENTS):
        found += [of(listing.BOXES[box][0], box) for box in ("to_accept", "in_progress")]
    if waiting := call_queries.unanswered(session, visit.actor):
        found.append(Todo(say("吹哨待回应"), waiting, "/calls?state=OPEN", is_due=True))
    if visit.may(UseCase.CALL_BODIES):
        found.append(Todo(say("吹哨待报到"), call_queries.open_calls(session), "/calls?state=OPEN"))
    if visit.actor.sees_work:
        found += [
            Todo(
                say("清单待确认"), queries.standing_at(session, ItemState.PROPOSED), "/items?state=PROPOSED",
                is_due=visit.may(UseCase.SIGN_OFF_ITEMS),
            ),
            Todo(
                say("回复待核实"), handling.count(session, visit.actor, _at(AssignmentState.REPLIED)),
                "/assignments?state=REPLIED", is_due=visit.may(UseCase.EDIT_ITEMS),
            ),
            Todo(
                say("回复待办结"), handling.count(session, visit.actor, _at(AssignmentState.VERIFIED)),
                "/assignments?state=VERIFIED", is_due=visit.may(UseCase.SIGN_OFF_ITEMS),
            ),
        ]  # fmt: skip
    if found:
        found += [of(say("交办即将到期"), "soon"), of(say("交办逾期"), "late")]
    return found


def beside(visit: Visit, kind: str, id: str) -> list[Panel]:
    """The list of a topic, an activity or a campaign of ours, on its page."""
    if kind not in lists.LISTS or owner_of(id) != visit.actor.committee or visit.actor.is_contact:
        return []
    rows = queries.on_list(visit.unit.session, visit.actor, id)
    if not rows and not may_add(visit, id):
        return []
    counts = queries.reaching_counts(visit.unit.session, visit.actor, id)
    return [Panel("items_panel.html", {"counts": counts, "at": f"/items/of/{id}", "is_empty": not rows})]


def may_add(visit: Visit, id: str) -> bool:
    """Whether the list takes something now, and of the visitor: anything of the office, findings of who supervises."""
    is_for_findings = ItemKind.FINDING in lists.of(id).kinds
    may = visit.may(UseCase.EDIT_ITEMS) or (is_for_findings and visit.may(UseCase.ADD_FINDINGS))
    return may and lists.head(visit.unit.session, id).takes


def _at(state: AssignmentState) -> handling.Wanted:
    return handling.Wanted(states=(state,))
