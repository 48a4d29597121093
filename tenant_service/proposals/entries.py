"""How a proposal comes to stand where it stands, who stands on it as its proposers, and who is told of a change."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete

from sync.contract.errors import Code, Refusal, Said
from sync.contract.shapes.proposals import MOST_PROPOSERS, ProposalRecord
from tenant_service import wording
from tenant_service.exchange import way_out
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.members import queries as members
from tenant_service.proposals import queries, rules
from tenant_service.proposals.models import ProposalRow, ProposalSignerRow
from tenant_service.proposals.rules import OPEN_SIGNERS, SIGNERS, STATES, Act, SignerAct, SignerState
from tenant_service.storage.unit_of_work import Unit


def stepped(unit: Unit, actor: Actor, id: str, act: Act, because: str | None = None) -> ProposalRow:
    """Our proposal, locked, where this act leads it; its history says so. Raises: Refusal NOT_FOUND, OUT_OF_TURN."""
    row = queries.locked(unit.session, id)
    row.approval = rules.approval_after(act, row.standing())
    taken.take(unit, actor, row, STATES, act, because)
    return row


def changed(unit: Unit, actor: Actor, row: ProposalRow, act: str) -> ProposalRecord:
    """A new revision, told to whom it is shared with if it may leave, and noted."""
    return way_out.changed(unit, actor, row, act, queries.channels_of(row))


def recounted(unit: Unit, row: ProposalRow) -> None:
    """The record names those whose proposal it is, as they signed."""
    found = queries.signed(unit.session, row.id)
    row.names, row.proposers = [each.name for each in found], len(found)


def own(unit: Unit, actor: Actor, id: str, act: Act, because: str | None = None) -> ProposalRow:
    """A proposal that is first of all the actor's, or the office's to enter for somebody, where the act leads it.

    Raises:
        Refusal: NOT_FOUND, also of another's; FORBIDDEN, OUT_OF_TURN.
    """
    actor.require(UseCase.WRITE_PROPOSALS)
    if not actor.may(UseCase.EDIT_PROPOSALS) and not queries.is_first(unit.session, actor, id):
        raise Refusal(Code.NOT_FOUND)
    return stepped(unit, actor, id, act, because)


@dataclass(frozen=True)
class Named:
    """Somebody who proposes it; `person_id`: of our people."""

    name: str
    person_id: str | None = None


def named(unit: Unit, actor: Actor, row: ProposalRow, told: Sequence[str]) -> list[Named]:
    """Who is meant, each once and in order; a member who writes it is the first one, besides of collective ones.

    Raises:
        Refusal: BAD_VALUE, nobody is named, too many are, or several of our people have that name.
    """
    kept = queries.signers(unit.session, row.id)
    found = [_meant(unit, each, kept) for each in told if each.strip()]
    if row.kind not in rules.COLLECTIVE and not actor.may(UseCase.EDIT_PROPOSALS):
        me = Named(members.persons_named(unit.session, [actor.person or ""]).get(actor.person or "", ""), actor.person)
        found = [me, *(each for each in found if each.person_id != actor.person)]
    each_once = list(dict.fromkeys(found))
    if not each_once:
        raise Refusal(Code.BAD_VALUE, field="signers", why=Said("必填", "it is needed"))
    if len(each_once) > MOST_PROPOSERS:
        raise Refusal(Code.BAD_VALUE, field="signers", why=f"≤ {MOST_PROPOSERS}")
    return each_once


def name_signers(
    unit: Unit, row: ProposalRow, found: Sequence[Named], head: str | None, *, signed: bool = False
) -> None:
    """These propose it, in this order; who answered already has answered, unless it is another text now. `signed`: all
    of them did.
    """
    was = {(each.name, each.person_id): each for each in queries.signers(unit.session, row.id)}
    before = {key: (each.state, each.invited_at, each.answered_at, each.entered_by) for key, each in was.items()}
    unit.session.execute(delete(ProposalSignerRow).where(ProposalSignerRow.proposal_id == row.id))
    anew = row.signed_title is not None and rules.needs_signing_anew(
        (row.signed_title, row.signed_advice or ()), (row.title, row.advice or ())
    )
    for seq, each in enumerate(found, 1):
        state, invited, answered, by = before.get((each.name, each.person_id), (SignerState.INVITED, None, None, None))
        if seq == 1 or signed:
            state = SignerState.SIGNED
        elif state is SignerState.LAPSED:
            state = SignerState.INVITED
        elif anew and state is SignerState.SIGNED:
            state = SIGNERS.after(SignerAct.ASK_ANEW, state)
        unit.session.add(ProposalSignerRow(
            proposal_id=row.id, seq=seq, person_id=each.person_id, name=each.name, state=state, invited_at=invited,
            answered_at=answered, entered_by=by, head=wording.optional("head", head, 60) if seq == 1 else None,
        ))  # fmt: skip
    unit.session.flush()
    recounted(unit, row)


def settle(unit: Unit, row: ProposalRow) -> None:
    """As it is handed in, who said nothing is no co-signer.

    Raises:
        Refusal: BAD_VALUE, 联名 without a second signer, or a collective one without its head.
    """
    for each in queries.signers(unit.session, row.id):
        if each.state in OPEN_SIGNERS:
            each.state = SIGNERS.after(SignerAct.LAPSE, each.state)
    unit.session.flush()
    signed = queries.signed(unit.session, row.id)
    rules.check_proposers(row.kind, len(signed), sum(each.head is not None for each in signed))
    recounted(unit, row)


def join(unit: Unit, whole: ProposalRow, part: ProposalRow) -> None:
    """Those whose proposal the part is co-sign the whole. Raises: Refusal BAD_VALUE, they are too many."""
    there = queries.signers(unit.session, whole.id)
    known = {(each.name, each.person_id) for each in there}
    more = [each for each in queries.signed(unit.session, part.id) if (each.name, each.person_id) not in known]
    if len(there) + len(more) > MOST_PROPOSERS:
        raise Refusal(Code.BAD_VALUE, field="signers", why=f"≤ {MOST_PROPOSERS}")
    last = max(each.seq for each in there)
    for seq, each in enumerate(more, last + 1):
        unit.session.add(ProposalSignerRow(
            proposal_id=whole.id, seq=seq, person_id=each.person_id, name=each.name, head=each.head,
            state=SignerState.SIGNED, invited_at=unit.now, answered_at=each.answered_at, entered_by=each.entered_by,
        ))  # fmt: skip
    unit.session.flush()
    recounted(unit, whole)


def forget_signers(unit: Unit, id: str) -> None:
    """A draft that is discarded has no proposers any more."""
    unit.session.execute(delete(ProposalSignerRow).where(ProposalSignerRow.proposal_id == id))


def _meant(unit: Unit, told: str, kept: Sequence[ProposalSignerRow]) -> Named:
    name = wording.text("signers", told, 80)
    stand = [each for each in kept if each.name == name]
    if len(stand) == 1:
        return Named(name, stand[0].person_id)
    found = members.meant(unit.session, name)
    if len(found) > 1:
        why = Said(f"“{name}”有{len(found)}人，请写名册编号", f"{len(found)} members are called {name}: use a number")
        raise Refusal(Code.BAD_VALUE, field="signers", why=why)
    return Named(found[0].name, found[0].id) if found else Named(name)
