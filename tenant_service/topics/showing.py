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
from tenant_service.procedures.rules import Procedure, missing
from tenant_service.relations import links
from tenant_service.relations.kinds import Relation
from tenant_service.signing import acts as signing
from tenant_service.topics import queries, rating_queries, receiving_queries, routing_queries, rules, turn_queries
from tenant_service.topics.models import TopicProofRow, TopicReporterRow, TopicRow
from tenant_service.topics.rating_queries import Counted, Said
from tenant_service.topics.rules import STATES, Act
from tenant_service.topics.turn_queries import Turned
from tenant_service.web import history
from tenant_service.web.history import Done
from tenant_service.web.site import Visit

_VERSION = say("%(name)s（第 %(n)s 版）")
_REMEDIES = {Act.PROVE: rules.GIVEN_BY_HAND, Act.HOLD: (Need.RESEARCH, Need.SESSION)}
"""Act → needs that are met by it, where the office sees that one is missing."""
_SCREENED_BY = frozenset({Act.ACCEPT, Act.MERGE, Act.RETURN})


@dataclass(frozen=True)
class Way:
    """A topic's procedure and where it stands in it.

    Attributes:
        met, papers: What the present step finds there.
        missing: What it does not, in words.
        by_hand: Needs of it that the office says are there.
        remedies: Acts by which what is missing is told, those that there are.
    """

    procedure: Procedure
    met: frozenset[Need]
    papers: tuple[str, ...]
    by_hand: tuple[Need, ...]
    is_last: bool
    missing: tuple[str, ...]
    remedies: frozenset[Act]


@dataclass(frozen=True)
class Work:
    """What stands beside a topic for the office.

    Attributes:
        steps: Each; one that forwarded it with the hand that it was given to.
        phones: Report → phone, masked.
        choices: What the forms offer, by their field.
        said, counted: What reporters said of its answers, of all parts where it was split; `parts`: these, by id.
    """

    reports: list[TopicReporterRow]
    phones: dict[str, str | None]
    similar: list[TopicRow]
    way: Way | None
    proofs: list[TopicProofRow]
    activities: list[Link]
    steps: list[Done]
    choices: dict[str, list[tuple[str, str]]]
    said: list[Said]
    counted: Counted
    parts: dict[str, TopicRow]


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
        _choices(visit, row, similar), rating_queries.of_topic(session, row), rating_queries.counted(session, row),
        {each.id: each for each in queries.stands_as(session, row)} if row.state is TopicState.SPLIT else {},
    )  # fmt: skip


def _steps(visit: Visit, row: TopicRow) -> list[Done]:
    named = (each.given_to for each in queries.hands(visit.unit.session, row.id))
    steps = taken.of(visit.unit.session, row.id)
    return history.told(visit, steps, {each.seq: next(named, "") for each in steps if each.act == Act.FORWARD})


def may(visit: Visit, row: TopicRow | None) -> frozenset[str]:
    """What the visitor may do now; the service decides anew when it is done."""
    if row is None:
        return frozenset()
    possible, found = set(STATES.possible(row.state)), set[str]()
    if visit.may(UseCase.HANDLE_TOPICS):
        found |= set(rules.OFFLINE.possible(row.state))
        found |= possible - rules.OF_THE_SIGNER - rules.OF_REPORTERS
        if row.shares and not visit.may(UseCase.SIGN_OFF_TOPICS):
            found -= {Act.REDESCRIBE}
        way = _way(visit, row)
        if way is None or way.is_last or way.missing:
            found -= {Act.ADVANCE}
        if way is not None and (not way.is_last or way.missing):
            found -= {Act.RESOLVE}
        hands = queries.hands(visit.unit.session, row.id) if row.state is TopicState.FORWARDED else []
        if row.state is TopicState.FORWARDED and not (hands and hands[-1].unit_id):
            found -= {Act.ACCEPT}
    elif visit.may(UseCase.RECEIVE_TOPICS):  # who works on it and is not of the office receives it first
        found |= possible & rules.OF_RECEIVERS
    if visit.may(UseCase.SIGN_OFF_TOPICS):
        found |= possible & rules.OF_THE_SIGNER
    if not signing.may_sign(visit.actor, UseCase.SIGN_OFF_TOPICS, row.drafted_by):
        found -= {Act.ANSWER}
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


def turn(visit: Visit, told: TopicRecord, row: TopicRow | None) -> Turned | None:
    """Whose turn it is, for people of the committee; those who are not of the office are told no names."""
    days, session = visit.site.services.periods.unsettled_days, visit.unit.session
    if row is not None:
        return turn_queries.of_topic(session, row, visit.site.today(), days)
    if not visit.actor.is_inside or told.committee_id != visit.actor.committee:
        return None
    return turn_queries.of_topic(session, queries.ours(session, told.id), visit.site.today(), days, by_name=False)


def _way(visit: Visit, row: TopicRow) -> Way | None:
    if row.procedure_id is None or row.step is None:
        return None
    session = visit.unit.session
    procedure, shown = procedures.version(session, row.procedure_id), queries.shown(session, row)
    step, is_last = procedure.step(row.step), procedure.after(row.step) is None
    met, papers = rules.met(shown), rules.there(step, shown.papers)
    had = met | {Need.ANSWER} if is_last else met  # who resolves the last step writes the answer
    lacking = {need for need in step.needs if need not in had}
    return Way(
        procedure, met, papers, tuple(need for need in step.needs if need in rules.GIVEN_BY_HAND), is_last,
        tuple(visit.say(each.zh) for each in missing(step, had, papers)),
        frozenset(act for act, needs in _REMEDIES.items() if lacking.intersection(needs)),
    )  # fmt: skip


def _choices(visit: Visit, row: TopicRow, similar: list[TopicRow]) -> dict[str, list[tuple[str, str]]]:
    """Only what a form on this page offers now is looked for; what is similar stands first."""
    session, possible = visit.unit.session, set(STATES.possible(row.state))
    found = dict[str, list[tuple[str, str]]]()
    if Act.RETURN in possible:
        found["code"] = [(each.value, visit.say(each.label)) for each in ReturnReason]
    if Act.HAND_ON in possible:
        found["personId"] = receiving_queries.choices(session, visit.site.today())
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
