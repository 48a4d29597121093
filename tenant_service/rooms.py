"""The rooms, and what they come to together. A new room is put on this list, and on no other."""

from collections.abc import Callable, Iterator, Sequence
from graphlib import TopologicalSorter

from sqlalchemy.orm import Session

from sync.contract.trust.directory import Directory
from tenant_service.activities.room import ROOM as ACTIVITIES
from tenant_service.administration.room import ROOM as ADMINISTRATION
from tenant_service.appraisals.room import ROOM as APPRAISALS
from tenant_service.approvals.room import ROOM as APPROVALS
from tenant_service.assignments.room import ROOM as ASSIGNMENTS
from tenant_service.attendance.room import ROOM as ATTENDANCE
from tenant_service.auditing.room import ROOM as AUDITING
from tenant_service.bookings.room import ROOM as BOOKINGS
from tenant_service.counting.figures import Counting
from tenant_service.exchange.answering import Handlers
from tenant_service.exchange.copies import Projections, Seen
from tenant_service.exchange.restoring.recovering import Recoveries
from tenant_service.exchange_status.room import ROOM as EXCHANGE_STATUS
from tenant_service.files.room import ROOM as FILES
from tenant_service.forms.room import ROOM as FORMS
from tenant_service.graph.lists import Find
from tenant_service.identity.acts import ACTS, AREAS
from tenant_service.imports.room import ROOM as IMPORTS
from tenant_service.members import queries as members
from tenant_service.members.room import ROOM as MEMBERS
from tenant_service.notifications.room import ROOM as NOTIFICATIONS
from tenant_service.on_behalf.room import ROOM as ON_BEHALF
from tenant_service.performance.room import ROOM as PERFORMANCE
from tenant_service.posts.room import ROOM as POSTS
from tenant_service.procedures.room import ROOM as PROCEDURES
from tenant_service.programmes.room import ROOM as PROGRAMMES
from tenant_service.proposals.room import ROOM as PROPOSALS
from tenant_service.reports.room import ROOM as REPORTS
from tenant_service.requests.room import ROOM as REQUESTS
from tenant_service.room import ByDirectory, Project, Reaching, RoomKind, Without
from tenant_service.roster.room import ROOM as ROSTER
from tenant_service.services import Attachments, People
from tenant_service.statistics.room import ROOM as STATISTICS
from tenant_service.supervision.room import ROOM as SUPERVISION
from tenant_service.topics.room import ROOM as TOPICS
from tenant_service.venues.room import ROOM as VENUES
from tenant_service.workdays.room import ROOM as WORKDAYS

ROOMS = (
    APPROVALS,
    ACTIVITIES,
    ATTENDANCE,
    VENUES,
    BOOKINGS,
    TOPICS,
    PROCEDURES,
    MEMBERS,
    ROSTER,
    POSTS,
    PERFORMANCE,
    FORMS,
    SUPERVISION,
    APPRAISALS,
    PROGRAMMES,
    ASSIGNMENTS,
    PROPOSALS,
    REPORTS,
    ON_BEHALF,
    REQUESTS,
    FILES,
    NOTIFICATIONS,
    IMPORTS,
    STATISTICS,
    WORKDAYS,
    EXCHANGE_STATUS,
    ADMINISTRATION,
    AUDITING,
)
"""In the order in which people meet them: of links, counts and panels."""
KINDS = {kind.name: kind for room in ROOMS for kind in room.kinds}

QUERIES = tuple(room.query for room in ROOMS if room.query)
MUTATIONS = tuple(room.mutation for room in ROOMS if room.mutation)
OF_COMMITTEE = tuple(room.of_committee for room in ROOMS if room.of_committee)
PAGES = tuple(room.pages for room in ROOMS if room.pages)

HANDLERS: Handlers = {kind: each for room in ROOMS for kind, each in room.handlers.items()}
SHEETS = tuple(each for room in ROOMS for each in room.sheets)
"""Lists that come in from a spreadsheet."""
CREDITS = tuple(room.credits for room in ROOMS if room.credits)
"""What writes lines of the ledger for rows that were there before it."""
PEOPLE = People(members.persons_named, members.seat_holders, members.grouped)
FORGETS = tuple(each for room in ROOMS for each in room.forgets)
KEEPS = tuple(each for room in ROOMS for each in room.keeps)

_HOLDING = [room.personal for room in ROOMS if room.personal]
HOLDERS = tuple(sorted(_HOLDING, key=lambda of: "person" not in {table.name for table in of.TABLES}))
"""Every room that holds something of people: first the one that has them, then as people meet the rooms."""
MASKED = {kind.name: kind.masked for kind in KINDS.values() if kind.masked}
"""Kind of record of which something is masked."""
CALLED = (
    {kind.name: kind.label for kind in KINDS.values()}
    | AREAS
    | {begins: label for room in ROOMS for begins, label in room.acts.items()}
)
"""Kind of record, or what acts in the audit log begin with → what people call it."""
DONE = ACTS | {
    f"{begins}.{step}": label
    for room in ROOMS for begins, steps in room.does.items() for step, label in steps.items()
}  # fmt: skip
"""Act in the audit log → what people call it, as histories of records do."""
COUNTING = Counting(
    {code: each for room in ROOMS for code, each in room.flows.items()},
    {code: each for room in ROOMS for code, each in room.stocks.items()},
    tuple(room.newest_change for room in ROOMS if room.newest_change),
)

NODES: dict[str, Find] = {name: kind.find for name, kind in KINDS.items() if not isinstance(kind.find, Without)}
"""Kind of record → how its room finds one for whoever asks. Committees are in the directory."""
REACHING: dict[str, Reaching] = {
    name: kind.reaching for name, kind in KINDS.items() if not isinstance(kind.reaching, Without)
}
"""Kind that is searched → the table of its list, and which rows of it reach an actor."""

OPENS: Attachments = {name: kind.opens for name, kind in KINDS.items() if kind.opens}
"""Kind of record that files are attached to → who may open them."""


def _in_order() -> Iterator[RoomKind]:
    """Kinds behind those that their rows refer to. Raises: graphlib.CycleError."""
    before = {name: kind.after for name, kind in KINDS.items()}
    return (KINDS[name] for name in TopologicalSorter(before).static_order())


RECOVERIES: Recoveries = {kind.name: kind.recover for kind in _in_order() if not isinstance(kind.recover, Without)}
"""What each room does with its own that came back after a restore, in the order in which rows refer to each other."""


def persons_in_use(session: Session, ids: Sequence[str]) -> bool:
    """Whether a room has something about one of these people."""
    return any(room.in_use(session, ids) for room in ROOMS if room.in_use)


def in_hands(session: Session, body: str) -> list[str]:
    """Titles of what a body has in hands."""
    return [title for room in ROOMS if room.in_hands for title in room.in_hands(session, body)]


def projections(directory: Callable[[], Directory]) -> Projections:
    """What the rooms do with records of other committees, by kind."""
    told = {name: kind.project for name, kind in KINDS.items() if not isinstance(kind.project, Without)}
    own = {name: each.made(directory) if isinstance(each, ByDirectory) else each for name, each in told.items()}
    return {name: _followed(each, name) for name, each in own.items()}


def _followed(own: Project, kind: str) -> Project:
    following = [room.follows[kind] for room in ROOMS if kind in room.follows]
    if not following:
        return own

    def project(session: Session, seen: Seen) -> None:
        for each in (own, *following):
            each(session, seen)

    return project
