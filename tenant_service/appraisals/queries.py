"""Every read of this room."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from sync.contract.shapes.supervision import AppraisalRecord, AppraisalState
from tenant_service.appraisals import ballots, rules
from tenant_service.appraisals.models import AppraisalRow, AppraiserRow, SeenAppraisalRow
from tenant_service.exchange.sharing.at_home import AtHome, to_members, to_person
from tenant_service.exchange.sharing.shared_repository import SharedRepository


@dataclass(frozen=True)
class Wanted:
    """Which appraisals; everything given must hold. `mine`: this person may still give a ballot."""

    states: Sequence[AppraisalState] = ()
    campaign_id: str | None = None
    year: int | None = None
    body: str | None = None
    mine: str | None = None
    body_id: str | None = None


def _matching(model: Any, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.states:
        found.append(model.state.in_(wanted.states))
    if wanted.campaign_id:
        found.append(model.campaign_id == wanted.campaign_id)
    if wanted.year:
        found.append(model.year == wanted.year)
    if wanted.body_id and model is AppraisalRow:
        found.append(model.body_id == wanted.body_id)
    if wanted.body:
        found.append(model.body.contains(wanted.body, autoescape=True))
    if wanted.mine and model is AppraisalRow:
        found += [model.state == AppraisalState.OPEN, _asks(wanted.mine, AppraiserRow.has_given.is_(False))]
    return found


def _asks(person: str, *where: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the person may give a ballot, or might."""
    asked = select(AppraiserRow.person_id).where(
        AppraiserRow.appraisal_id == AppraisalRow.id, AppraiserRow.person_id == person, *where
    )
    return asked.exists()


_HOME = AtHome(ways=(to_members(AppraisalRow.published_on.is_not(None)), to_person(_asks)))
"""Members see what was published; whoever is asked for a ballot sees that appraisal."""
APPRAISALS: SharedRepository[AppraisalRow, SeenAppraisalRow, AppraisalRecord, Wanted] = SharedRepository(
    AppraisalRow, SeenAppraisalRow, _matching, _HOME
)
listed, reaching, one, at_work = APPRAISALS.listed, APPRAISALS.reaching, APPRAISALS.one, APPRAISALS.at_work
ours, locked, newest_change = APPRAISALS.ours, APPRAISALS.locked, APPRAISALS.newest_change


def tick(session: Session, appraisal: str, person: str | None) -> AppraiserRow | None:
    """Where it stands whether this person has given a ballot; None: the person is not asked for one."""
    return session.get(AppraiserRow, (appraisal, person)) if person else None


def may_still_give(session: Session, row: AppraisalRow, person: str | None) -> bool:
    found = tick(session, row.id, person)
    return row.state is AppraisalState.OPEN and found is not None and not found.has_given


def turnout(session: Session, appraisal: str) -> tuple[int, int]:
    """How many may give a ballot, and how many have."""
    counts = select(func.count(), func.count().filter(AppraiserRow.has_given))
    asked, given = session.execute(counts.where(AppraiserRow.appraisal_id == appraisal)).one()
    return asked, given


def missing(session: Session, appraisal: str) -> list[str]:
    """Ids of those who have not given theirs: whom the office reminds."""
    wanted = select(AppraiserRow.person_id).where(
        AppraiserRow.appraisal_id == appraisal, AppraiserRow.has_given.is_(False)
    )
    return list(session.scalars(wanted))


def results(session: Session, row: AppraisalRow) -> list[rules.Result]:
    """What the ballots say, once they were counted and where they are enough; else nothing, to anybody."""
    if row.state not in rules.COUNTED_STATES or not row.is_enough:
        return []
    found = ballots.opinions(session, row.id)
    return rules.tallied(row.questions, found) if found else []


def remarks(session: Session, row: AppraisalRow) -> list[str]:
    """What was written on them, under the same conditions; sorted, so that no order tells anything."""
    return sorted(ballots.remarks(session, row.id)) if results(session, row) else []


def unsettled(session: Session, campaign: str) -> int:
    """Appraisals in a campaign that are neither final nor cancelled."""
    wanted = select(func.count()).where(
        AppraisalRow.campaign_id == campaign, AppraisalRow.state.not_in(rules.SETTLED)
    )  # fmt: skip
    return session.scalar(wanted) or 0


def of_body(session: Session, campaign: str, body: str) -> bool:
    """Whether the body is appraised in this campaign already; what was cancelled does not count."""
    wanted = select(AppraisalRow.id).where(
        AppraisalRow.campaign_id == campaign, AppraisalRow.body_id == body,
        AppraisalRow.state != AppraisalState.CANCELLED,
    )  # fmt: skip
    return session.scalar(wanted.limit(1)) is not None


def waiting_for(session: Session, person: str | None) -> int:
    """Ballots that this person may still give."""
    if person is None:
        return 0
    wanted = select(func.count()).where(*_matching(AppraisalRow, Wanted(mine=person)))
    return session.scalar(wanted) or 0


def standing_at(session: Session, state: AppraisalState) -> int:
    """How many of ours stand there."""
    return session.scalar(select(func.count()).where(AppraisalRow.state == state)) or 0


def any_asked(session: Session, persons: Sequence[str]) -> bool:
    """Whether one of these people was asked for a ballot."""
    wanted = select(AppraiserRow.person_id).where(AppraiserRow.person_id.in_(persons))
    return session.scalar(wanted.limit(1)) is not None
