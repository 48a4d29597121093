"""Pages of assignments: what is to be handled, as a list that everybody has his part of, and one with its acts."""

from collections.abc import Callable, Sequence
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal
from sync.contract.ids import kind_of, owner_of
from sync.contract.shapes.items import (
    AssignmentOrder,
    AssignmentRole,
    AssignmentState,
    ItemKind,
    ItemRecord,
    ReplyClass,
    Satisfaction,
)
from sync.edge.shell.tables import Table
from tenant_service.assignments import (
    acts,
    inbox_pages,
    listing,
    queries,
    reminder_pages,
    reminder_rules,
    rules,
    showing,
)
from tenant_service.assignments import handling_queries as handling
from tenant_service.assignments import handling_service as service
from tenant_service.assignments import handover_queries as handovers
from tenant_service.assignments import reminder_queries as reminders
from tenant_service.assignments.drafts import HANDLING_FIELDS, written
from tenant_service.assignments.models import AssignmentRow
from tenant_service.history import taken
from tenant_service.identity import accounts
from tenant_service.identity.policy import Role, UseCase
from tenant_service.members import contacts
from tenant_service.members import offer_queries as offers
from tenant_service.members import posting_queries as postings
from tenant_service.topics import rating_queries as ratings
from tenant_service.topics.rating_queries import Said
from tenant_service.web import history
from tenant_service.web.exporting import whole
from tenant_service.web.site import View, Visit

SHOWN = 20
_ONE = "/assignments/{id}"


def routes(get: Callable[[str, object], Route], post: Callable[..., Route]) -> list[Route]:
    """`get` and `post` make the routes of the site."""
    return [
        get("/assignments", listed),
        get("/assignments.{suffix:str}", exported),
        *reminder_pages.routes(get, post),
        get(_ONE, one),
        *(
            post(f"{_ONE}/{name}", act, one)
            for name, act in (
                ("assign", acts.assign), ("uphold", acts.uphold), ("reassign", acts.reassign),
                ("grant-extension", acts.grant_extension), ("refuse-extension", acts.refuse_extension),
                ("reopen", acts.reopen), ("reschedule", acts.reschedule), ("urge", acts.urge),
                 ("withdraw", acts.withdraw), ("accept", acts.accept),
                ("ask-to-return", acts.ask_to_return), ("ask-extension", acts.ask_extension), ("reply", acts.reply),
                ("send-back", acts.send_back), ("verify", acts.verify), ("close", acts.close),
            )
        ),
    ]  # fmt: skip


def listed(visit: Visit) -> View:
    """A body's inbox, the 交办单位's desk, or the office's list of all."""
    _at_home(visit)
    found = listing.assignments_page(visit, SHOWN, visit.asked("after") or None)
    return View("assignments.html", {
        "from_others": inbox_pages.of_box(visit, visit.asked("box")),
        "table": listing.assignments(visit, found.rows), "total": found.count(), "more": found.more,
        "boxes": _boxes(visit), "urged": _urged(visit), "urged_from_others": _urged_from_others(visit),
        "may_urge": reminder_pages.may(visit),
        "is_contact": visit.actor.is_contact,
        "states": list(AssignmentState), "roles": list(AssignmentRole),
        "of_body": visit.named("body", body) if visit.actor.sees_work and (body := visit.asked("body")) else None,
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    _at_home(visit)
    rows = whole(lambda first, after: listing.assignments_page(visit, first, after))
    return listing.assignments(visit, rows).file("assignments", visit.request.path_params["suffix"])


def one(visit: Visit) -> View:
    """One assignment; for those who work on it with what was asked and replied, its history and what may be done."""
    session, actor = visit.unit.session, visit.actor
    told = handling.one(session, actor, visit.id)
    if told is None:
        raise Refusal(Code.NOT_FOUND)
    row, is_own = handling.at_work(session, actor, visit.id), owner_of(told.id) == actor.committee
    item, today, may = queries.one(session, actor, told.item_id), visit.site.today(), showing.may(visit, row)
    terms, steps = visit.site.services.periods, taken.of(session, told.id) if row else []
    return View("assignment.html", {
        "it": told, "row": row, "item": item, "may": may, "looks": listing.LOOKS, "labels": listing.ACTS,
        "owner": None if is_own else visit.directory.get(told.committee_id).name,
        "due": listing.due(visit, told), "late": listing.late(visit, told, today), "today": today,
        "return_until": showing.return_until(visit, row) if row and "ask_to_return" in may else None,
        "reminders": reminders.of(session, told.id) if row else [],
        "terms": handling.terms(session, told.id) if row else [],
        "words": visit.form.get("words") or reminder_rules.WORDS, "why_not": showing.why_not(visit, row),
        "beside": _beside(visit, row), "missing": service.missing_opinions(visit.unit, row) if row else [],
        "phone": contacts.phone(visit.unit, actor, row.contact_phone) if row else None,
        "may_reveal": visit.may(UseCase.REVEAL_CONTACTS),
        "entered_by": accounts.named(session, {row.paper_by}) if row and row.paper_by and actor.sees_work else {},
        "steps": history.told(visit, steps), "said": _said(visit, row, item),
        "on_paper": row is not None and row.body_id != actor.body and bool(may & rules.ON_PAPER),
        "holders": _holders(visit, row),
        "bodies": _bodies(visit) if may & {"assign", "reassign"} else [],
        "chosen": {name: visit.form.all(name) for name in ("assist", "separate")},
        "fields": ("reason", "bodyId", "satisfaction", "unclassified", "document", "words", *HANDLING_FIELDS),
        "values": written(visit.form, (*HANDLING_FIELDS, "document"), _last_reply(row)),
        "says_why": row is not None and "reopen" in may and rules.says_why(showing.taken(visit, row)),
        "is_letter": row is not None and item is not None and item.kind is ItemKind.PROPOSAL
        and row.role is not AssignmentRole.ASSIST, "talks": list(rules.TalkedBy),
        "classes": list(ReplyClass), "ratings": list(Satisfaction), "days": terms.reply_workdays,
        "abroad": _abroad(visit, row), "panels": visit.beside("assignment", told.id),
    })  # fmt: skip


# ── parts ──


def _at_home(visit: Visit) -> None:
    """Raises: Refusal NOT_SIGNED_IN; the list is for people of this committee and of the bodies that work for it."""
    if not visit.actor.iss:
        raise Refusal(Code.NOT_SIGNED_IN)


def _boxes(visit: Visit) -> list[tuple[str, str, int]]:
    """Code, name and number of each box that the visitor has: of its body's inbox, of its desk, or of the office."""
    found: dict[str, tuple[str, handling.Wanted]] = {}
    if visit.may(UseCase.HAND_OVER) or visit.actor.sees_work:
        found |= listing.DESKS
    if visit.may(UseCase.HANDLE_ASSIGNMENTS) or visit.actor.sees_work:
        found |= listing.BOXES
    if visit.actor.sees_work:
        found |= listing.CHECKS
    session, actor = visit.unit.session, visit.actor
    return [
        (
            code,
            visit.say(name),
            handling.count(session, actor, listing.box(visit, code)) + inbox_pages.count(visit, code),
        )
        for code, (name, _) in found.items()
    ]


def _abroad(visit: Visit, row: AssignmentRow | None) -> tuple[str, int] | None:
    """Whose list the body is on that has it, if that is another committee's, and how much evidence is kept there."""
    told = handovers.last_of(visit.unit.session, row.id) if row else None
    return (visit.directory.get(told.to_id).name, told.files or 0) if told else None


def _urged(visit: Visit) -> Table | None:
    """What somebody's body was urged to handle, before all else on its list."""
    if not visit.actor.is_contact or visit.asked("box"):
        return None
    order, wanted = AssignmentOrder.DUE_ON_ASC, listing.box(visit, "urged")
    found = handling.listed(visit.unit.session, visit.actor, wanted, order, SHOWN, None)
    return listing.assignments(visit, found.rows) if found.rows else None


def _urged_from_others(visit: Visit) -> inbox_pages.Beside | None:
    return inbox_pages.of_box(visit, "urged") if visit.actor.is_contact and not visit.asked("box") else None


def _beside(visit: Visit, row: AssignmentRow | None) -> list[tuple[str, str, str, str | None]]:
    """会办 opinions for their lead, and who leads for those that assist: body, part, state and what it says."""
    if row is None:
        return []
    rows = [each for each in handling.of_item(visit.unit.session, row.item_id) if each.id != row.id and each.body]
    parts = [each for each in rows if AssignmentRole.SEPARATE not in (each.role, row.role)]
    may_read = visit.actor.sees_work or row.role is AssignmentRole.LEAD
    return [
        (each.body or "", visit.say(each.role.label), visit.say(each.state.label),
         each.drafted_reply if may_read and each.role is AssignmentRole.ASSIST else None)
        for each in parts
    ]  # fmt: skip


def _holders(visit: Visit, row: AssignmentRow | None) -> str:
    """For the office: who answers for the body that has it in hands, by name."""
    if row is None or row.state not in rules.IN_HANDS or not row.body_id or not visit.may(UseCase.EDIT_ITEMS):
        return ""
    return "、".join(each.name for each in accounts.of_body(visit.unit.session, row.body_id, Role.DEPARTMENT))


def _bodies(visit: Visit) -> list[tuple[str, str]]:
    """Bodies of our list, and those of others that take our assignments, each with its committee."""
    session, today = visit.unit.session, visit.site.today()
    offered = offers.offered(session, visit.directory, visit.actor.committee, today)
    return [
        *((each.id, each.name) for each in postings.listed_bodies(session, today)),
        *((each.id, f"{each.name}（{visit.directory.get(each.committee_id).short_name}）") for each in offered),
    ]


def _said(visit: Visit, row: AssignmentRow | None, item: ItemRecord | None) -> Sequence[Said]:
    """What reporters of the topic say of its answer, as far as they agreed that whoever handles it reads it."""
    if row is None or item is None or kind_of(item.list_id) != "topic":
        return []
    return ratings.for_department(visit.unit.session, item.list_id)


def _last_reply(row: AssignmentRow | None) -> dict[str, Any]:
    """A reply that was sent back is put right, not written anew."""
    if row is None or row.drafted_reply is None:
        return {}
    return {
        "reply": row.drafted_reply, "replyClass": row.drafted_class.value if row.drafted_class else "",
        "contactName": row.contact_name or "",
    }  # fmt: skip
