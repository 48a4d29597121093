"""What people do with procedures. One function, one use case, one transaction."""

from sync.contract.channels import Share
from sync.contract.errors import Code, Refusal
from sync.contract.ids import checked
from sync.contract.instants import day_of
from sync.contract.shapes.procedures import ProcedureRecord, ProcedureState
from sync.contract.trust.directory import Directory
from tenant_service import wording
from tenant_service.exchange import way_out
from tenant_service.exchange.sharing import choices, copies_shown
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.procedures import queries, shipped
from tenant_service.procedures.descriptions import Draft, code_of, describe
from tenant_service.procedures.models import ProcedureRow, SeenProcedureRow
from tenant_service.procedures.rules import STATES, Act
from tenant_service.signing import acts as signing
from tenant_service.signing.rules import Approval, shared_with_more
from tenant_service.storage.unit_of_work import Unit

Shares = list[Share]


def draft(
    unit: Unit, actor: Actor, directory: Directory, code: str, told: Draft, shares: Shares
) -> ProcedureRecord:  # fmt: skip
    """There is a draft: the first version of a new procedure, or the next of one that is there.

    Raises:
        Refusal: FORBIDDEN, BAD_VALUE, CLASSIFIED, UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM; DRAFT_OPEN, it has one already.
    """
    actor.require(UseCase.EDIT_PROCEDURES)
    return _drafted(unit, actor, code, told, choices.check(shares, directory, unit.committee), "procedure.draft")


def renew(unit: Unit, actor: Actor, id: str) -> ProcedureRecord:
    """There is a draft of the next version, as this one of ours says; it is shared with whom this one is.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, DRAFT_OPEN.
    """
    actor.require(UseCase.EDIT_PROCEDURES)
    row = queries.ours(unit.session, id)
    told = Draft(row.name, row.use, queries.steps_of(row), row.note)
    return _drafted(unit, actor, row.code, told, list(row.shares), "procedure.renew", origin=row.origin_id)


def adopt(unit: Unit, actor: Actor, id: str) -> ProcedureRecord:
    """There is a draft of our own as another committee's shared version says, which stays theirs: what they change
    later changes nothing here. It is shared with nobody.

    Raises:
        Refusal: FORBIDDEN, DRAFT_OPEN; NOT_FOUND, it was not shared with us.
    """
    actor.require(UseCase.EDIT_PROCEDURES)
    told = queries.one(unit.session, actor, str(checked(id)))
    if told is None or told.committee_id == unit.committee:
        raise Refusal(Code.NOT_FOUND)
    copied = Draft(told.name, told.use, queries.steps_of(told), told.note)
    return _drafted(unit, actor, told.code, copied, [], "procedure.adopt", origin=told.id)


def adopt_shipped(unit: Unit, actor: Actor, code: str) -> ProcedureRecord:
    """There is a draft as the template says that comes with the product.

    Raises:
        Refusal: FORBIDDEN, DRAFT_OPEN; NOT_FOUND, there is no such template.
    """
    actor.require(UseCase.EDIT_PROCEDURES)
    told = shipped.TEMPLATES.get(code)
    if told is None:
        raise Refusal(Code.NOT_FOUND)
    return _drafted(unit, actor, code, told, [], "procedure.adopt_shipped")


def redraft(
    unit: Unit, actor: Actor, directory: Directory, id: str, told: Draft, shares: Shares | None = None
) -> ProcedureRecord:
    """The draft is as described now; shared with these once it is in force, or as before.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND; OUT_OF_TURN, it was in force; and what `draft` refuses.
    """
    actor.require(UseCase.EDIT_PROCEDURES)
    row = queries.locked(unit.session, id)
    STATES.after(Act.REDRAFT, row.state)
    if shares is not None:
        row.shares = choices.check(shares, directory, unit.committee)
    describe(row, told)
    row.drafted_by = actor.sub
    return _changed(unit, actor, row, "procedure.redraft")


def discard(unit: Unit, actor: Actor, id: str) -> ProcedureRecord:
    """草案作废: it was never told to anybody, and is not there any more; returns what it was.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND; OUT_OF_TURN, it was in force.
    """
    actor.require(UseCase.EDIT_PROCEDURES)
    row = queries.locked(unit.session, id)
    STATES.after(Act.DISCARD, row.state)
    return way_out.discarded(unit, actor, row, "procedure.discard")


def enact(unit: Unit, actor: Actor, id: str, *, unclassified: bool) -> ProcedureRecord:
    """施行: matters begin under it from today on, it leaves to whom it is shared with, and the version before is
    retired. What is under way keeps the version that it began with. The signer confirms 已经保密审查，不涉密.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN; SECRECY_UNCONFIRMED, OWN_DRAFT.
    """
    actor.require(UseCase.ENACT_PROCEDURES)
    row = queries.locked(unit.session, id)
    STATES.after(Act.ENACT, row.state)
    signing.sign(unit, actor, id, UseCase.ENACT_PROCEDURES, row.drafted_by, unclassified=unclassified)
    for before in queries.locked_of(unit.session, row.code):
        if before.state is ProcedureState.IN_FORCE:
            _end(unit, actor, before)
            tell(unit, before)
    taken.take(unit, actor, row, STATES, Act.ENACT)
    row.since, row.signed_by, row.signed_at = day_of(unit.now), actor.sub, unit.now
    return _changed(unit, actor, row, "procedure.enact")


def retire(unit: Unit, actor: Actor, id: str, why: str) -> ProcedureRecord:
    """废止: nothing begins under it any more. What is under way keeps it.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED.
    """
    actor.require(UseCase.ENACT_PROCEDURES)
    row = queries.locked(unit.session, id)
    _end(unit, actor, row, wording.reason(why))
    return _changed(unit, actor, row, "procedure.retire")


def share(unit: Unit, actor: Actor, directory: Directory, id: str, shares: Shares) -> ProcedureRecord:
    """The version is shared with exactly these, once it was in force; from everybody else it is retracted.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM, BAD_VALUE; NOT_SIGNED_OFF, what was signed
            is widened only by who may sign.
    """
    actor.require(UseCase.EDIT_PROCEDURES)
    row = queries.locked(unit.session, id)
    stored = choices.check(shares, directory, unit.committee)
    approval = Approval.DRAFTING if row.state is ProcedureState.DRAFT else Approval.SIGNED
    shared_with_more(
        approval, row.shares, stored, signs=signing.may_widen(actor, UseCase.ENACT_PROCEDURES, row.drafted_by)
    )
    row.shares = stored
    return _changed(unit, actor, row, "procedure.share")


def _drafted(
    unit: Unit, actor: Actor, code: str, told: Draft, shares: list[str], act: str, origin: str | None = None
) -> ProcedureRecord:
    code = code_of(code)
    versions = queries.locked_of(unit.session, code)
    if any(each.state is ProcedureState.DRAFT for each in versions):
        raise Refusal(Code.DRAFT_OPEN, name=code)
    row = ProcedureRow(
        id=unit.new_id("procedure"), committee_id=unit.committee, code=code,
        version=max((each.version for each in versions), default=0) + 1, state=ProcedureState.DRAFT, origin_id=origin,
        since=None, until=None, shares=shares, revision=0, changed_at=unit.now, drafted_by=actor.sub, signed_by=None,
        signed_at=None,
    )  # fmt: skip
    describe(row, told)
    unit.session.add(row)
    unit.session.flush()
    taken.write(unit, actor, row.id, "draft", None, row.state)
    return _changed(unit, actor, row, act)


def _end(unit: Unit, actor: Actor, row: ProcedureRow, why: str | None = None) -> None:
    taken.take(unit, actor, row, STATES, Act.RETIRE, why)
    row.until = day_of(unit.now)


def _changed(unit: Unit, actor: Actor, row: ProcedureRow, act: str) -> ProcedureRecord:
    return way_out.changed(unit, actor, row, act, _channels(row))


def tell(unit: Unit, row: ProcedureRow) -> None:
    """A new revision, told to whom it is shared with if it may leave; it follows from an act that is noted."""
    way_out.revised(unit, row, _channels(row))


def _channels(row: ProcedureRow) -> set[str]:
    """A draft is told to nobody."""
    return set() if row.state is ProcedureState.DRAFT else choices.channels(row.shares)


project = copies_shown.projection(SeenProcedureRow)
"""What others tell us of theirs is kept as a copy."""
