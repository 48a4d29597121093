"""What the office sees of one topic beside its record, and what may be done with it now."""

from dataclasses import dataclass

from sync.contract.shapes.activities import ActivityOrder
from sync.contract.shapes.members import UnitKind
from sync.contract.shapes.procedures import Need, ProcedureUse
from sync.contract.shapes.topics import ReturnReason, TopicRecord, TopicState
from sync.edge.shell.pages import Link
from sync.edge.shell.words import say
from tenant_service.activities import queries as activities
from tenant_service.activities.queries import Wanted as ActivitiesWanted
from tenant_service.history import taken
from tenant_service.identity.policy import UseCase
from tenant_service.members import contacts
from tenant_service.members import queries as members
from tenant_service.procedures import queries as procedures
from tenant_service.procedures.rules import Procedure
from tenant_service.relations import links
from tenant_service.relations.kinds import Relation
from tenant_service.topics import queries, routing_queries, rules
from tenant_service.topics.models import TopicProofRow, TopicReporterRow, TopicRow
from tenant_service.topics.rules import STATES, Act
from tenant_service.web.site import Visit

_VERSION = say("%(name)s（第 %(n)s 版）")
_SCREENED_BY = frozenset({Act.ACCEPT, Act.MERGE, Act.RETURN})


@dataclass(frozen=True)
class Way:
    """A topic's procedure and where it stands in it.

    Attributes:
        met, papers: What the present step finds there.
        missing: What it does not, in words.
        by_hand: Needs of it that the office says are there.
    """

    procedure: Procedure
    met: frozenset[Need]
    papers: tuple[str, ...]
    by_hand: tuple[Need, ...]
    is_last: bool


@dataclass(frozen=True)
class Work:
    """What stands beside a topic for the office.

    Attributes:
        steps: Each, and the hand that it was given to.
        phones: Report → phone, masked.
        choices: What the forms offer, by their field.
    """

    reports: list[TopicReporterRow]
    phones: dict[str, str | None]
    similar: list[TopicRow]
    way: Way | None
    proofs: list[TopicProofRow]
    activities: list[Link]
    steps: list[tuple[taken.Step, str | None]]
    choices: dict[str, list[tuple[str, str]]]


def work(visit: Visit, row: TopicRow) -> Work:
    session = visit.unit.session
    reports = queries.reports(session, row.id)
    possible = set(STATES.possible(row.state))
    similar = queries.similar(session, row) if possible & _SCREENED_BY else []
    held = [visit.named("activity", id) for id in queries.activities_of(session, row.id)]
    return Work(
        reports, {each.id: contacts.phone(visit.unit, visit.actor, each.phone) for each in reports},
        similar, _way(visit, row),
        queries.proofs(session, row.id), [link for link in held if link], _steps(visit, row),
        _choices(visit, row, similar),
    )  # fmt: skip


def _steps(visit: Visit, row: TopicRow) -> list[tuple[taken.Step, str | None]]:
    named = (each.given_to for each in queries.hands(visit.unit.session, row.id))
    steps = taken.of(visit.unit.session, row.id)
    return [(each, next(named, None) if each.act == Act.FORWARD else None) for each in steps]


def may(visit: Visit, row: TopicRow | None) -> frozenset[str]:
    """What the visitor may do now; the service decides anew when it is done."""
    if row is None:
        return frozenset()
    possible, found = set(STATES.possible(row.state)), set[str]()
    if visit.may(UseCase.HANDLE_TOPICS):
        found |= possible - rules.OF_THE_SIGNER - rules.OF_REPORTERS
        if row.shares and not visit.may(UseCase.SIGN_OFF_TOPICS):
            found -= {Act.REDESCRIBE}
        if row.step is None or _is_last(visit, row):
            found -= {Act.ADVANCE}
        if row.step is not None and not _is_last(visit, row):
            found -= {Act.RESOLVE}
        hands = queries.hands(visit.unit.session, row.id) if row.state is TopicState.FORWARDED else []
        if row.state is TopicState.FORWARDED and not (hands and hands[-1].unit_id):
            found -= {Act.ACCEPT}
    if visit.may(UseCase.SIGN_OFF_TOPICS):
        found |= possible & rules.OF_THE_SIGNER
    return frozenset(found)


def linked(visit: Visit, told: TopicRecord) -> list[tuple[Relation, bool, Link]]:
    """Topics that this one is linked with, as far as the visitor is shown them: how, whether read backwards, and where.

    A topic that others merged into, that was split, taken up again or generalised, is read backwards.
    """
    session, found = visit.unit.session, list[tuple[Relation, bool, str]]()
    onward = (
        (Relation.MERGED_INTO, [told.merged_into_id]), (Relation.SPLIT_FROM, [told.split_from_id]),
        (Relation.FOLLOWS_UP, [told.follows_up_id]), (Relation.GENERALISES, told.generalises_ids or []),
    )  # fmt: skip
    for kind, targets in onward:
        found += [(kind, False, each) for each in targets if each]
        found += [(kind, True, each) for each in links.sources(session, told.id, kind)]
    named = [(kind, backwards, visit.named("topic", id)) for kind, backwards, id in found]
    return [(kind, backwards, link) for kind, backwards, link in named if link]


def in_charge(visit: Visit, row: TopicRow) -> str | None:
    """Who looks after it, by name."""
    if row.in_charge_id is None:
        return None
    return routing_queries.called(visit.unit.session, [row.in_charge_id]).get(row.in_charge_id)


def _way(visit: Visit, row: TopicRow) -> Way | None:
    if row.procedure_id is None or row.step is None:
        return None
    session = visit.unit.session
    procedure, shown = procedures.version(session, row.procedure_id), queries.shown(session, row)
    step = procedure.step(row.step)
    return Way(
        procedure, rules.met(shown), rules.there(step, shown.papers),
        tuple(need for need in step.needs if need in rules.GIVEN_BY_HAND), procedure.after(row.step) is None,
    )  # fmt: skip


def _is_last(visit: Visit, row: TopicRow) -> bool:
    way = _way(visit, row)
    return way is not None and way.is_last


def _choices(visit: Visit, row: TopicRow, similar: list[TopicRow]) -> dict[str, list[tuple[str, str]]]:
    """Only what a form on this page offers now is looked for; what is similar stands first."""
    session, possible = visit.unit.session, set(STATES.possible(row.state))
    found = dict[str, list[tuple[str, str]]]()
    if Act.RETURN in possible:
        found["code"] = [(each.value, visit.say(each.label)) for each in ReturnReason]
    if Act.FORWARD in possible:
        found["unitId"] = [(each.id, each.name) for each in members.open_units(session, tuple(UnitKind))]
    if Act.BEGIN in possible:
        in_force = procedures.in_force(session, ProcedureUse.TOPIC)
        found["procedureId"] = [
            (each.id, visit.say(_VERSION) % {"name": each.name, "n": each.version}) for each in in_force
        ]
    if possible & {Act.MERGE, Act.RELATE}:
        first = [each for each in similar if each.state in rules.TAKES_OTHERS]
        others = {each.id: each.title for each in (*first, *queries.takers(session, row, rules.TAKES_OTHERS))}
        found["otherId"] = list(others.items())
    if Act.ENTRUST in possible:
        found["targetId"] = routing_queries.targets(session, visit.site.today())
    if Act.HOLD in possible:
        held = activities.listed(session, visit.actor, ActivitiesWanted(), ActivityOrder.STARTS_AT_DESC, 50, None)
        found["activityId"] = [(each.id, each.title) for each in held.rows]
    return found
