"""找回: topics of ours that a restored backup had forgotten, as those last knew them whom they were shared with."""

from sync.contract.errors import Refusal
from sync.contract.instants import day_of
from sync.contract.shapes.topics import TopicState
from tenant_service.exchange.outcome import Outcome
from tenant_service.exchange.restoring.recovering import BY, Recovered, gone, narrowed, restorer, stand, write
from tenant_service.history import taken
from tenant_service.relations import links
from tenant_service.relations.kinds import Relation
from tenant_service.signing.rules import Approval
from tenant_service.storage.unit_of_work import Unit
from tenant_service.topics import stands
from tenant_service.topics.models import TopicRow


def recover(unit: Unit, told: Recovered) -> Outcome:
    """The topic stands as it was last told, with its links. What was never told (reports, who raised it, what the
    office noted, an answer before it was signed) is as the backup has it, or missing.
    """
    row = unit.session.get(TopicRow, told.id, with_for_update=True)
    if told.is_gone:
        stands.forget(unit, told.id)
        return gone(unit, row, told)
    if told.record is None:
        return narrowed(unit, row, told)
    outcome = Outcome.UPDATED if row else Outcome.ANEW
    was = row.state if row else None
    row = row or _new(unit, told)
    write(row, told, is_new=outcome is Outcome.ANEW)
    _dated(row)
    unit.session.add(row)
    unit.session.flush()
    _linked(unit, row)
    stands.stand(unit, row.id)
    if was is not row.state:
        taken.write(unit, restorer(unit.committee), row.id, "recover", was, row.state)
    stand(unit, row, told)
    return outcome


def _new(unit: Unit, told: Recovered) -> TopicRow:
    columns = dict.fromkeys(each.name for each in TopicRow.__table__.columns)
    return TopicRow(
        **columns | {
            "id": told.id, "committee_id": unit.committee, "revision": 0, "drafted_by": BY, "changed_at": told.said_at,
            "shares": [], "accept_by": day_of(told.record.raised_at), "accept_by_is_estimate": False,
            "step_due_is_estimate": False, "items_open": 0, "approval": Approval.DRAFTING,
        }
    )  # fmt: skip


def _dated(row: TopicRow) -> None:
    """Days by which it is counted, and where its answer stands, follow from what was told."""
    answered = row.state in (TopicState.CLOSED, TopicState.ARCHIVED)
    row.raised_on = day_of(row.raised_at)
    row.accepted_on = day_of(row.accepted_at) if row.accepted_at and not row.split_from_id else None
    row.answered_on = day_of(row.closed_at) if row.closed_at and answered else None
    row.drafted_answer = row.drafted_answer or row.answer
    if row.state is TopicState.RESOLVED:
        row.approval = Approval.IN_REVIEW
    elif answered:
        row.approval = Approval.SIGNED


def _linked(unit: Unit, row: TopicRow) -> None:
    found = [
        (Relation.MERGED_INTO, row.merged_into_id), (Relation.SPLIT_FROM, row.split_from_id),
        (Relation.FOLLOWS_UP, row.follows_up_id), *((Relation.GENERALISES, id) for id in row.generalises_ids or ()),
    ]  # fmt: skip
    for kind, target in found:
        if target:
            _lay(unit, row.id, kind, target)


def _lay(unit: Unit, source: str, kind: Relation, target: str) -> None:
    """One that cannot be laid any more stands in the record alone."""
    try:
        with unit.attempt():
            links.lay(unit, restorer(unit.committee), source, kind, target)
    except Refusal:
        return
