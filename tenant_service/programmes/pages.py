"""Pages of programmes: the list, one with what may be done with it, its forms, what was entered under it."""

from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal
from sync.contract.ids import owner_of
from sync.contract.shapes.programmes import Joining, ProgrammeKind, ProgrammeRecord, ProgrammeState, TargetMeasure
from sync.edge.shell.pages import Link
from sync.edge.shell.tables import Table
from sync.edge.shell.words import say
from tenant_service.history import taken
from tenant_service.identity.policy import UseCase
from tenant_service.members import queries as members
from tenant_service.programmes import acts, drafts, listing, lists, progress_queries, queries, rules
from tenant_service.programmes.models import ProgrammeEntryRow, ProgrammeRow
from tenant_service.programmes.panels import beside, starts, todos
from tenant_service.programmes.rules import Target
from tenant_service.signing.rules import Approval
from tenant_service.web import history, sharing
from tenant_service.web.exporting import whole
from tenant_service.web.site import RoomPages, Site, View, Visit

SHOWN = 20
MOST_ENTRIES = 200
_ONE = "/programmes/{id}"


def routes(site: Site) -> list[Route]:
    def get(path: str, show: object) -> Route:
        return Route(path, site.shows(show), methods=["GET"])  # type: ignore[arg-type]

    def post(path: str, act: object, again: object = None) -> Route:
        return Route(path, site.acts(act, again), methods=["POST"])  # type: ignore[arg-type]

    steps = {
        "discard": acts.discard, "submit": acts.submit, "send-back": acts.send_back, "sign-off": acts.sign_off,
        "begin": acts.begin, "report": acts.write_report, "close": acts.close, "cancel": acts.cancel,
        "tick": acts.tick, "join": acts.join, "detach": acts.detach,
    }  # fmt: skip
    return [
        get("/programmes", listed),
        get("/programmes.{suffix:str}", exported),
        get("/programmes/new", form),
        post("/programmes/new", acts.plan, form),
        post("/programmes/attach", acts.attach),
        get(_ONE, one),
        get(f"{_ONE}/targets.{{suffix:str}}", targets_exported),
        get(f"{_ONE}/redraft", form),
        post(f"{_ONE}/redraft", acts.redraft, form),
        *(post(f"{_ONE}/{name}", act, one) for name, act in steps.items()),
        get(f"{_ONE}/share", share_form),
        post(f"{_ONE}/share", acts.share, share_form),
        get(f"{_ONE}/entries", entered),
        get(f"{_ONE}/entries.{{suffix:str}}", entries_exported),
        post(f"{_ONE}/entries", acts.enter, entered),
        post(f"{_ONE}/strike", acts.strike, entered),
        get(f"{_ONE}/members", of_members),
        get(f"{_ONE}/members.{{suffix:str}}", members_exported),
    ]


# ── reading ──


def listed(visit: Visit) -> View:
    found = listing.page(visit, SHOWN, visit.asked("after") or None)
    return View("programmes.html", {
        "table": listing.table(visit, found.rows), "total": found.count(), "more": found.more,
        "may_plan": visit.may(UseCase.EDIT_PROGRAMMES), "is_home": visit.actor.is_inside,
        "sees_work": visit.actor.sees_work, "kinds": list(ProgrammeKind), "states": list(ProgrammeState),
        "approvals": list(Approval),
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    """The list as it is filtered, as a file."""
    rows = whole(lambda first, after: listing.page(visit, first, after))
    return listing.table(visit, rows).file("programmes", visit.request.path_params["suffix"])


def one(visit: Visit) -> View:
    """One programme; for our office with its 审签, its history, whom it is shared with and what may be done now."""
    session, actor = visit.unit.session, visit.actor
    told = _told(visit)
    row, is_own = queries.at_work(session, actor, visit.id), owner_of(told.id) == actor.committee
    targets, children = _targets(visit, told), queries.children(session, actor, told.id)
    return View("programme.html", {
        "it": told, "row": row, "may": _may(visit, row), "looks": listing.LOOKS,
        "fields": ("reason", "report", "day", "unclassified", "number", "joining", "items"),
        "today": visit.site.today(),
        "values": {"report": visit.form.get("report") or (row.drafted_report or "" if row else "")},
        "owner": None if is_own else visit.directory.get(told.committee_id).name,
        "tasks": rules.tasks_of(told), "bars": listing.bars(targets), "sees_personal": _has_personal(targets),
        "targets": listing.targets(visit, targets, _seats(visit) if is_own else None),
        "may_enter": _may_enter(visit, told),
        "parts": _parts(visit, told.id) if is_own and actor.is_inside else [],
        "parent": visit.named("programme", told.parent_id) if told.parent_id else None,
        "children": listing.table(visit, children) if children else None,
        "joined": listing.joined(visit, row, children) if row and row.shares else None,
        "joinings": list(Joining) if _may_join(visit, told) else None,
        "steps": history.told(visit, taken.of(session, told.id)) if row else (), "labels": listing.ACTS,
        "sharing": sharing.sharing(visit.directory, actor.committee, row.shares) if row else None,
        "panels": visit.beside("programme", told.id),
    })  # fmt: skip


def targets_exported(visit: Visit) -> Response:
    told = _told(visit)
    is_own = owner_of(told.id) == visit.actor.committee
    table = listing.targets(visit, _targets(visit, told), _seats(visit) if is_own else None)
    return table.file("targets", visit.request.path_params["suffix"])


def entered(visit: Visit) -> View:
    """What was entered under a programme of ours: all of it for the office, for a member their own."""
    told, rows = _entries(visit)
    by_entries = [each for each in rules.targets_of(told) if each.measure in rules.BY_ENTRIES]
    session, day = visit.unit.session, visit.site.today()
    people = members.persons_named(session, members.seat_holders(session, day)) if visit.actor.sees_work else {}
    values = drafts.written(visit.form, drafts.ENTRY_FIELDS) or {"day": day.isoformat(), "people": "1"}
    return View("programme_entries.html", {
        "it": told, "table": listing.entries(visit, rows, _names(told)), "fields": drafts.ENTRY_FIELDS,
        "choices": [(str(each.number), each.name) for each in by_entries], "values": values, "key": visit.key,
        "people": sorted(people.items(), key=lambda each: each[1]), "sees_work": visit.actor.sees_work,
        "may_enter": told.state is ProgrammeState.RUNNING, "none": drafts.NO_TARGET,
        "rows": [(each.id, each.day, _names(told).get(each.target, ""), each.subject) for each in rows],
    })  # fmt: skip


def entries_exported(visit: Visit) -> Response:
    told, rows = _entries(visit)
    return listing.entries(visit, rows, _names(told)).file("entries", visit.request.path_params["suffix"])


def of_members(visit: Visit) -> View:
    return View("programme_members.html", {"it": _told(visit), "table": _member_table(visit)})


def members_exported(visit: Visit) -> Response:
    return _member_table(visit).file("members", visit.request.path_params["suffix"])


# ── forms ──


def form(visit: Visit) -> View:
    """The form of a new plan, of a part of another programme (`?parent=`), or of one that is described anew."""
    visit.actor.require(UseCase.EDIT_PROGRAMMES)
    session, id = visit.unit.session, visit.request.path_params.get("id")
    row = queries.ours(session, id) if id else None
    new = {"year": str(visit.site.today().year), "parentId": visit.asked("parent")}
    every = (*drafts.FIELDS, *drafts.ROWS)
    values = drafts.written(visit.form, every) or (drafts.filled(row) if row else new)
    chosen = visit.form.all(sharing.FIELD) or (row.shares if row else ())
    parent = values.get("parentId")
    return View("programme_form.html", {
        "row": row, "values": values, "fields": drafts.FIELDS, "key": visit.key, "kinds": list(ProgrammeKind),
        "ways": drafts.ways_to_count(visit), "numbers": range(drafts.TARGETS),
        "parent": visit.named("programme", parent) if parent else None,
        "sharing": sharing.sharing(visit.directory, visit.actor.committee, chosen),
    })  # fmt: skip


def share_form(visit: Visit) -> View:
    visit.actor.require(UseCase.EDIT_PROGRAMMES)
    row = queries.ours(visit.unit.session, visit.id)
    return sharing.form(visit, f"/programmes/{row.id}", row.title, row.shares)


# ── parts ──


def _told(visit: Visit) -> ProgrammeRecord:
    told = queries.one(visit.unit.session, visit.actor, visit.id)
    if told is None:
        raise Refusal(Code.NOT_FOUND)
    return told


def _targets(visit: Visit, told: ProgrammeRecord) -> list[Target]:
    """Ours as they are counted now, to whoever belongs here; others' as they were told."""
    if owner_of(told.id) != visit.actor.committee or not visit.actor.is_inside:
        return rules.targets_of(told)
    row = queries.ours(visit.unit.session, told.id)
    return progress_queries.progress(visit.unit, visit.site.services.counting, row)


def _seats(visit: Visit) -> int:
    return len(members.seat_holders(visit.unit.session, visit.site.today()))


def _has_personal(targets: list[Target]) -> bool:
    return any(each.measure is TargetMeasure.EACH_MEMBER for each in targets)


def _parts(visit: Visit, id: str) -> list[tuple[str, Link]]:
    """What belongs to the programme, as far as the visitor is shown it."""
    found = lists.parts_of(visit.unit.session, id)
    shown = [(part, visit.named(kind, part)) for kind, ids in found.items() for part in ids]
    return [(part, link) for part, link in shown if link]


def _names(told: ProgrammeRecord) -> dict[int, str]:
    return {each.number: each.name for each in rules.targets_of(told)}


def _entries(visit: Visit) -> tuple[ProgrammeRecord, list[ProgrammeEntryRow]]:
    told = _told(visit)
    if owner_of(told.id) != visit.actor.committee or not visit.actor.is_inside:
        raise Refusal(Code.FORBIDDEN)
    if not visit.actor.sees_work:
        visit.actor.require(UseCase.ENTER_DEEDS)
    person = None if visit.actor.sees_work else visit.actor.person or "nobody"
    return told, queries.entries(visit.unit.session, told.id, person=person, most=MOST_ENTRIES)


def _member_table(visit: Visit) -> Table:
    """How many of N every member has done, for the office; for a member, themselves."""
    told, _ = _entries(visit)
    row, day = queries.ours(visit.unit.session, told.id), visit.site.today()
    only = None if visit.actor.sees_work else visit.actor.person or "nobody"
    found = progress_queries.of_each_member(visit.unit.session, row, day, only=only)
    targets = [each for each in rules.targets_of(told) if each.measure is TargetMeasure.EACH_MEMBER]
    return listing.of_each_member(visit, found, targets)


def _may_enter(visit: Visit, told: ProgrammeRecord) -> bool:
    by_entries = any(each.measure in rules.BY_ENTRIES for each in rules.targets_of(told))
    is_own = owner_of(told.id) == visit.actor.committee
    return by_entries and is_own and (visit.actor.sees_work or visit.may(UseCase.ENTER_DEEDS))


def _may_join(visit: Visit, told: ProgrammeRecord) -> bool:
    """Whether the visitor answers for us to this programme of another committee."""
    is_open = told.state in {ProgrammeState.PLANNED, ProgrammeState.RUNNING}
    is_ours = owner_of(told.id) == visit.actor.committee
    return visit.actor.is_inside and visit.may(UseCase.SIGN_OFF_PROGRAMMES) and is_open and not is_ours


def _may(visit: Visit, row: ProgrammeRow | None) -> frozenset[str]:
    """What the visitor may do now; the service decides anew when it is done."""
    if row is None:
        return frozenset()
    found: set[str] = set()
    possible = rules.possible(row.standing())
    if visit.may(UseCase.EDIT_PROGRAMMES):
        found |= {"share", *(possible - rules.OF_THE_SIGNER)}
    if visit.may(UseCase.SIGN_OFF_PROGRAMMES):
        found |= possible & rules.OF_THE_SIGNER
    return frozenset(found)


def named(visit: Visit, kind: str, id: str) -> Link | None:
    found = queries.one(visit.unit.session, visit.actor, id) if kind == "programme" else None
    return Link(f"/programmes/{id}", found.title) if found else None


PAGES = RoomPages(
    routes, Path(__file__).parent / "templates", (Link("/programmes", say("专项计划")),), todos, starts=starts,
    beside=beside, named=named,
)  # fmt: skip
