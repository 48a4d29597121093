"""How a proposal is described by whoever writes it, and how its row takes it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete

from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import checked, is_committee, kind_of, owner_of
from sync.contract.instants import day_of
from sync.contract.records import RECORDS
from sync.contract.shapes.activities import ActivityKind
from sync.contract.shapes.posts import PostOrigin
from sync.contract.shapes.proposals import MOST_ADVICE, ProposerKind
from sync.contract.shapes.topics import TopicCategory
from tenant_service import wording
from tenant_service.activities import queries as activities
from tenant_service.identity.actor import Actor
from tenant_service.posts import queries as posts
from tenant_service.posts import service as threads
from tenant_service.proposals import queries
from tenant_service.proposals.models import ProposalRow, ProposalSourceRow
from tenant_service.relations import links
from tenant_service.relations.kinds import Relation
from tenant_service.storage.unit_of_work import Unit

LONGEST, MOST_BODIES = 10_000, 20
MOST, MOST_VOICES = 50, 1_000_000


@dataclass(frozen=True)
class Source:
    """One of them.

    Attributes:
        origin: Whose thought it was.
        sector: Of people of which 界别, where it was theirs.
        record_id: The thread, topic, activity, form or report that it grew out of; None: `told` says from where.
        told: In words: who said it where; stays at home.
        voices: How many people said so.
    """

    origin: PostOrigin
    sector: str | None = None
    record_id: str | None = None
    told: str | None = None
    voices: int = 1


@dataclass(frozen=True)
class Draft:
    """A proposal as it is written.

    Attributes:
        signers: The first proposer, then who is asked to co-sign: members by name, roster number or id; of a collective
            proposal the unit, party or organisation first. A member who writes it is the first one.
        head: 负责人 of a collective proposer.
        sources: From where its proposers have it; one at least before it is handed in.
        bodies_wanted: 建议承办单位, by name.
        meeting_id: The plenary that it is handed in to; None: 平时提案.
        is_open: Whether its proposers agree that the whole text is open to read.
        wants_meeting: Whether they ask to be talked to in person (面商).
    """

    title: str
    kind: ProposerKind
    category: TopicCategory
    situation: str
    analysis: str = ""
    advice: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()
    head: str | None = None
    sources: tuple[Source, ...] = ()
    bodies_wanted: tuple[str, ...] = ()
    meeting_id: str | None = None
    is_open: bool = False
    wants_meeting: bool = False


def describe(unit: Unit, row: ProposalRow, told: Draft, *, is_past: bool = False) -> None:
    """The row is as `told`; its signers and sources are for others, once it is there. `is_past`: of one that is over,
    whose text may be lost.

    Raises:
        Refusal: BAD_VALUE, CLASSIFIED, BAD_ID; NOT_FOUND, no such plenary of ours.
    """
    for field, found, most in (("advice", told.advice, MOST_ADVICE), ("bodiesWanted", told.bodies_wanted, MOST_BODIES)):
        if len(found) > most:
            raise Refusal(Code.BAD_VALUE, field=field, why=f"≤ {most}")
    row.title, row.kind, row.category = wording.text("title", told.title, 120), told.kind, told.category
    row.situation = wording.text("situation", told.situation, LONGEST, needed=not is_past) or None
    row.analysis = wording.optional("analysis", told.analysis, LONGEST)
    row.advice = [wording.text("advice", each, 1_000) for each in told.advice]
    row.suggestions = len(row.advice)
    row.bodies_wanted = [wording.text("bodiesWanted", each, 120) for each in told.bodies_wanted]
    row.is_open, row.wants_meeting = told.is_open, told.wants_meeting
    row.meeting_id, row.session = _plenary(unit, told.meeting_id)
    row.year = day_of(unit.now).year


def complete(row: ProposalRow, sources: Sequence[object]) -> None:
    """Raises: Refusal BAD_VALUE, a proposal without a suggestion; NEEDS_SOURCE, it does not say from where it is."""
    if not row.advice:
        raise Refusal(Code.BAD_VALUE, field="advice", why=Said("至少一条", "one at least"))
    if not sources:
        raise Refusal(Code.NEEDS_SOURCE)


def _plenary(unit: Unit, id: str | None) -> tuple[str | None, str | None]:
    """The plenary, and what it is called."""
    if not id:
        return None, None
    told = str(checked(id))
    if is_committee(told) or kind_of(told) != "activity" or owner_of(told) != unit.committee:
        raise Refusal(Code.NOT_FOUND)
    found = activities.ours(unit.session, told)
    if found.kind is not ActivityKind.PLENARY:
        raise Refusal(Code.BAD_VALUE, field="meetingId", why=Said("不是全体会议", "it is no plenary"))
    return told, found.title


# ── from where it is ──


def name_sources(unit: Unit, actor: Actor, row: ProposalRow, told: Sequence[Source]) -> None:
    """The proposal has exactly these; which record it grew out of stands with it.

    Raises:
        Refusal: BAD_VALUE, too many, or one says nothing; CLASSIFIED, BAD_ID; NOT_FOUND, it is no record of ours that
            the writer is shown.
    """
    if len(told) > MOST:
        raise Refusal(Code.BAD_VALUE, field="sources", why=f"≤ {MOST}")
    unit.session.execute(delete(ProposalSourceRow).where(ProposalSourceRow.proposal_id == row.id))
    links.take_away(unit, row.id, Relation.DERIVED_FROM)
    for seq, each in enumerate(told, 1):
        record = _record(unit, actor, each.record_id) if each.record_id else None
        words = wording.text("sources", each.told, 500, needed=record is None) or None
        if not 1 <= each.voices <= MOST_VOICES:
            raise Refusal(Code.BAD_VALUE, field="voices", why="≥ 1")
        unit.session.add(ProposalSourceRow(
            proposal_id=row.id, seq=seq, origin=each.origin, sector=wording.optional("sector", each.sector, 60),
            record_id=record, told=words, voices=each.voices,
        ))  # fmt: skip
        if record and record not in links.targets(unit.session, row.id, Relation.DERIVED_FROM):
            links.lay(unit, actor, row.id, Relation.DERIVED_FROM, record)
    unit.session.flush()


def matured(unit: Unit, actor: Actor, row: ProposalRow) -> None:
    """What it grew out of knows that it became a proposal, now that it is handed in."""
    for each in links.targets(unit.session, row.id, Relation.DERIVED_FROM):
        if kind_of(each) == "post":
            threads.converted(unit, actor, each, row.id)
        else:
            links.lay(unit, actor, each, Relation.CONVERTED_TO, row.id)


def of_thread(unit: Unit, actor: Actor, id: str) -> list[Source]:
    """来源 as a thread has them (i发布): one for its author and each sector that spoke in it, with how many voices.

    Raises:
        Refusal: NOT_FOUND, the writer is not shown it.
    """
    if posts.one(unit.session, actor, id) is None:
        raise Refusal(Code.NOT_FOUND)
    thread = posts.thread_of(unit.session, id)
    voices: dict[tuple[PostOrigin, str | None], int] = {}
    for each in thread.voices:
        voices[each.origin, each.sector] = voices.get((each.origin, each.sector), 0) + 1
    return [Source(origin, sector, id, thread.title, count) for (origin, sector), count in voices.items()]


def forget_sources(unit: Unit, id: str) -> None:
    """A draft that is discarded has no sources any more."""
    unit.session.execute(delete(ProposalSourceRow).where(ProposalSourceRow.proposal_id == id))
    links.take_away(unit, id, Relation.DERIVED_FROM)


def standing(unit: Unit, id: str) -> list[Source]:
    """The sources as they stand."""
    return [
        Source(each.origin, each.sector, each.record_id, each.told, each.voices)
        for each in queries.sources(unit.session, id)
    ]


def _record(unit: Unit, actor: Actor, told: str) -> str:
    id = str(checked(told))
    if is_committee(id) or kind_of(id) not in RECORDS or owner_of(id) != unit.committee:
        raise Refusal(Code.NOT_FOUND)
    if kind_of(id) == "post" and posts.one(unit.session, actor, id) is None:
        raise Refusal(Code.NOT_FOUND)
    return id
