"""What the first page shows of programmes, and what the page of a record that may belong to one shows."""

from sync.contract.ids import owner_of
from sync.contract.shapes.programmes import ProgrammeState, TargetMeasure
from sync.edge.shell.pages import Link
from sync.edge.shell.words import say
from tenant_service.identity.policy import UseCase
from tenant_service.programmes import lists, progress_queries, queries, rules
from tenant_service.programmes.models import ProgrammeRow
from tenant_service.signing import queries as signing
from tenant_service.signing.rules import Approval
from tenant_service.web.site import Panel, Todo, Visit, Waits

MOST_OFFERED = 100
MOST_OWN = 10
"""Programmes with something for each member that a member's page shows."""


def starts(visit: Visit) -> list[Link]:
    return [Link("/programmes/new", say("筹备专项"))] if visit.may(UseCase.EDIT_PROGRAMMES) else []


def todos(visit: Visit) -> list[Todo]:
    if not visit.actor.sees_work:
        return []
    session, waiting = visit.unit.session, signing.by_approval(visit.unit.session, ProgrammeRow)
    return [
        Todo(
            say("专项方案待审签"), waiting.get(Approval.IN_REVIEW, 0), "/programmes?approval=IN_REVIEW",
            visit.waits(Waits.TO_REVIEW, UseCase.SIGN_OFF_PROGRAMMES),
        ),
        Todo(
            say("专项方案已退回"), waiting.get(Approval.RETURNED, 0), "/programmes?approval=RETURNED",
            visit.waits(Waits.TO_DO, UseCase.EDIT_PROGRAMMES),
        ),
        Todo(say("专项进行中"), queries.count(session, ProgrammeState.RUNNING), "/programmes?state=RUNNING"),
    ]  # fmt: skip


def beside(visit: Visit, kind: str, id: str) -> list[Panel]:
    """To which programmes a record of ours belongs, and for the office the way into one; of a member, how many of N are
    done of what each member has to do (五个一), on the member's page and in the record of the year (`portfolio`).
    """
    if kind in ("person", "portfolio"):
        return _of_member(visit, id)
    if kind not in lists.PARTS or not visit.actor.is_inside:
        return []
    session = visit.unit.session
    of = {
        each: told.title for each in lists.programmes_of(session, id)
        if (told := queries.one(session, visit.actor, each)) is not None
    }  # fmt: skip
    offered = []
    if visit.may(UseCase.EDIT_PROGRAMMES) and owner_of(id) == visit.actor.committee:
        offered = [(each.id, each.title) for each in queries.running(session, MOST_OFFERED) if each.id not in of]
    return [Panel("programmes_panel.html", {"of": of, "offered": offered, "part": id})] if of or offered else []


def _of_member(visit: Visit, person: str) -> list[Panel]:
    """For the office, and for the member alone."""
    if not (visit.actor.is_home and (visit.actor.sees_work or visit.actor.person == person)):
        return []
    session, day, found = visit.unit.session, visit.site.today(), []
    for row in queries.running(session, MOST_OFFERED):
        targets = [each for each in rules.targets_of(row.record()) if each.measure is TargetMeasure.EACH_MEMBER]
        if not targets or queries.one(session, visit.actor, row.id) is None:
            continue
        [deeds] = progress_queries.of_each_member(session, row, day, only=person)
        parts = [(each, many) for each, many in zip(targets, deeds.counts, strict=True)]
        found.append((row.id, row.title, deeds.done, parts))
    return [Panel("programmes_of_member.html", {"found": found[:MOST_OWN]})] if found else []
