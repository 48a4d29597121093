"""What the office does with forms. One function, one use case, one transaction."""

import secrets

from sync.contract.channels import Share
from sync.contract.instants import day_of
from sync.contract.shapes.forms import FormKind, FormRecord, FormState
from sync.contract.trust.directory import Directory
from tenant_service import wording
from tenant_service.exchange import way_out
from tenant_service.exchange.sharing import choices, copies_shown
from tenant_service.forms import queries
from tenant_service.forms.descriptions import Draft, describe, invite
from tenant_service.forms.entries import changed, stepped
from tenant_service.forms.models import FormRow, SeenFormRow
from tenant_service.forms.rules import TOKEN_BYTES, Act
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.signing import acts as signing
from tenant_service.signing import reviews
from tenant_service.signing.rules import AtOnce, shared_with_more
from tenant_service.storage.unit_of_work import Unit

__all__ = ["Draft"]


def draft(unit: Unit, actor: Actor, directory: Directory, told: Draft, shares: list[Share]) -> FormRecord:
    """拟稿: the form is written down; nobody but the office sees it before it is opened.

    Raises:
        Refusal: FORBIDDEN, UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM, and what `describe` and `invite` refuse.
    """
    actor.require(UseCase.EDIT_FORMS)
    row = FormRow(
        id=unit.new_id("form"), committee_id=unit.committee, state=FormState.DRAFT, revision=0, changed_at=unit.now,
        **signing.drafted(actor), shares=choices.check(shares, directory, unit.committee), opened_on=None, answers=None,
        passed=None, withdrawn_because=None, token=secrets.token_urlsafe(TOKEN_BYTES),
    )  # fmt: skip
    describe(row, told)
    unit.session.add(row)
    unit.session.flush()
    invite(unit, row, told.invited)
    taken.write(unit, actor, row.id, "draft", None, row.state)
    return changed(unit, actor, row, "form.draft")


def redraft(
    unit: Unit, actor: Actor, directory: Directory, id: str, told: Draft, shares: list[Share]
) -> FormRecord:  # fmt: skip
    """The form is as described now. What is signed is not rewritten.

    Raises:
        Refusal: NOT_FOUND, OUT_OF_TURN, and what `draft` refuses.
    """
    actor.require(UseCase.EDIT_FORMS)
    row = stepped(unit, actor, id, Act.REDRAFT)
    row.drafted_by = actor.sub
    row.shares = choices.check(shares, directory, unit.committee)
    describe(row, told)
    invite(unit, row, told.invited)
    return changed(unit, actor, row, "form.redraft")


def discard(unit: Unit, actor: Actor, id: str) -> FormRecord:
    """作废: what was never signed, so never shown to anybody, is not there any more; returns what it was.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN.
    """
    actor.require(UseCase.EDIT_FORMS)
    row = stepped(unit, actor, id, Act.DISCARD)
    queries.forget_invited(unit.session, id)
    return way_out.discarded(unit, actor, row, "form.discard")


def submit(unit: Unit, actor: Actor, id: str) -> FormRecord:
    """送审: it waits for whoever signs. Raises: Refusal FORBIDDEN, NOT_FOUND, OUT_OF_TURN."""
    actor.require(UseCase.EDIT_FORMS)
    return changed(unit, actor, stepped(unit, actor, id, Act.SUBMIT), "form.submit")


def send_back(unit: Unit, actor: Actor, id: str, why: str) -> FormRecord:
    """退回: the office has it again, with the reason.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED.
    """
    actor.require(UseCase.SIGN_OFF_FORMS)
    row = stepped(unit, actor, id, Act.SEND_BACK, wording.reason(why))
    signing.sent_back(row, why)
    return changed(unit, actor, row, "form.send_back")


def sign_off(unit: Unit, actor: Actor, id: str, *, unclassified: bool) -> FormRecord:
    """签发: it may be opened now. The signer confirms 已经保密审查，不涉密.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN; SECRECY_UNCONFIRMED, OWN_DRAFT.
    """
    actor.require(UseCase.SIGN_OFF_FORMS)
    row = stepped(unit, actor, id, Act.SIGN_OFF)
    signing.signed(unit, row, actor, UseCase.SIGN_OFF_FORMS, unclassified=unclassified)
    return changed(unit, actor, row, "form.sign_off")


def open_form(unit: Unit, actor: Actor, id: str) -> FormRecord:
    """开放: whoever is asked answers from now on. Raises: Refusal FORBIDDEN, NOT_FOUND, OUT_OF_TURN."""
    actor.require(UseCase.EDIT_FORMS)
    row = stepped(unit, actor, id, Act.OPEN)
    row.opened_on = day_of(unit.now)
    return changed(unit, actor, row, "form.open_form")


def close(unit: Unit, actor: Actor, id: str) -> FormRecord:
    """截止: nobody answers any more; how many did, and of a quiz how many passed, is told to whoever it is shared with.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN.
    """
    actor.require(UseCase.EDIT_FORMS)
    row = stepped(unit, actor, id, Act.CLOSE)
    told = queries.counts(unit.session, id)
    row.answers, row.passed = told.answers, told.passed if row.kind is FormKind.QUIZ else None
    return changed(unit, actor, row, "form.close")


def withdraw(unit: Unit, actor: Actor, id: str, why: str) -> FormRecord:
    """撤下: it is answered no more, and whoever was shown it reads why, at once; it is reviewed after. Answers stay.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED.
    """
    actor.require(UseCase.EDIT_FORMS)
    row = stepped(unit, actor, id, Act.WITHDRAW, wording.reason(why))
    row.withdrawn_because = wording.reason(why)
    if row.opened_on is not None:
        reviews.left_at_once(unit, actor, id, AtOnce.FORM_WITHDRAW)
    return changed(unit, actor, row, "form.withdraw")


def share(unit: Unit, actor: Actor, directory: Directory, id: str, shares: list[Share]) -> FormRecord:
    """The form is shared with exactly these, once it is opened; from everybody else it is retracted.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM, BAD_VALUE; NOT_SIGNED_OFF, a signed record
            is widened only by who may sign.
    """
    actor.require(UseCase.EDIT_FORMS)
    row = queries.locked(unit.session, id)
    stored = choices.check(shares, directory, unit.committee)
    signs = signing.may_widen(actor, UseCase.SIGN_OFF_FORMS, row.drafted_by)
    shared_with_more(row.approval, row.shares, stored, signs=signs)
    row.shares = stored
    return changed(unit, actor, row, "form.share")


project = copies_shown.projection(SeenFormRow)
"""What others tell us of theirs is kept as a copy."""
