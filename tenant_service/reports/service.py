"""What authors and the office do with reports. One function, one use case, one transaction."""

from sqlalchemy.exc import IntegrityError

from sync.contract.channels import Share
from sync.contract.errors import Code, Refusal
from sync.contract.ids import checked, is_committee, kind_of, owner_of
from sync.contract.instants import day_of
from sync.contract.records import RECORDS
from sync.contract.shapes.reports import ReportKind, ReportRecord, ReportState
from sync.contract.trust.directory import Directory
from tenant_service import wording
from tenant_service.exchange import way_out
from tenant_service.exchange.sharing import choices, copies_shown
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.on_behalf import service as on_behalf
from tenant_service.on_behalf.rules import Entered
from tenant_service.relations import links
from tenant_service.relations.kinds import Relation
from tenant_service.reports import crediting, queries, rules, telling
from tenant_service.reports.descriptions import Draft, authors_of, describe, enough, named, sign_authors
from tenant_service.reports.entries import changed, stepped
from tenant_service.reports.models import ReportRow, SeenReportRow
from tenant_service.reports.rules import Act
from tenant_service.signing import acts as signing
from tenant_service.signing.rules import shared_with_more
from tenant_service.storage.unit_of_work import Unit

__all__ = ["Draft"]


# ── authors ──


def write(unit: Unit, actor: Actor, told: Draft) -> ReportRecord:
    """撰写: the report is written down, for its authors and the office alone. A member is among the authors; the office
    writes for others.

    Raises:
        Refusal: FORBIDDEN, and what `describe`, `named` and `_grow` refuse.
    """
    actor.require(UseCase.WRITE_REPORTS)
    row = ReportRow(
        id=unit.new_id("report"), committee_id=unit.committee, state=ReportState.DRAFTING, revision=0,
        changed_at=unit.now, **signing.drafted(actor), shares=[], year=day_of(unit.now).year, signed_on=None,
        issue=None, number=None, sent_on=None, sent_to=None, adopted_as=None, outcome_because=None,
    )  # fmt: skip
    describe(row, told)
    found = named(unit, actor, told.authors)
    unit.session.add(row)
    unit.session.flush()
    sign_authors(unit, row, found)
    _grow(unit, actor, row, told.source_id)
    taken.write(unit, actor, row.id, "write", None, row.state)
    made = changed(unit, actor, row, "report.write")
    if actor.may(UseCase.EDIT_REPORTS):
        on_behalf.entered(unit, actor, Entered.REPORT, row.id, [each.person_id for each in found], row.title)
    return made


def redraft(unit: Unit, actor: Actor, id: str, told: Draft) -> ReportRecord:
    """The draft is as described now.

    Raises:
        Refusal: NOT_FOUND, also of another's; OUT_OF_TURN; and what `write` refuses.
    """
    row = _own(unit, actor, id, Act.REDRAFT)
    describe(row, told)
    sign_authors(unit, row, named(unit, actor, told.authors, authors_of(unit, id)))
    _grow(unit, actor, row, told.source_id)
    row.drafted_by = actor.sub
    return changed(unit, actor, row, "report.redraft")


def discard(unit: Unit, actor: Actor, id: str) -> ReportRecord:
    """作废: a draft that was never handed in is not there any more; returns what it was.

    Raises:
        Refusal: NOT_FOUND, also of another's; FORBIDDEN, OUT_OF_TURN.
    """
    row = _own(unit, actor, id, Act.DISCARD)
    sign_authors(unit, row, ())
    for source in links.targets(unit.session, id, Relation.DERIVED_FROM):
        links.take_away(unit, source, Relation.CONVERTED_TO, id)
    links.take_away(unit, id, Relation.DERIVED_FROM)
    return way_out.discarded(unit, actor, row, "report.discard")


def hand_in(unit: Unit, actor: Actor, id: str) -> ReportRecord:
    """提交: the office has it for 初审. Raises: Refusal NOT_FOUND, also of another's; FORBIDDEN, OUT_OF_TURN."""
    row = _own(unit, actor, id, Act.HAND_IN)
    row.returned_because = None
    return changed(unit, actor, row, "report.hand_in")


# ── the office ──


def give_back(unit: Unit, actor: Actor, id: str, why: str) -> ReportRecord:
    """初审退回: the authors have it again, and read why.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED.
    """
    actor.require(UseCase.EDIT_REPORTS)
    row = stepped(unit, actor, id, Act.GIVE_BACK, wording.reason(why))
    signing.sent_back(row, why)
    telling.authors(unit, actor, row, "成果已退回", why)
    return changed(unit, actor, row, "report.give_back")


def take_on(unit: Unit, actor: Actor, id: str) -> ReportRecord:
    """初审通过: it is edited (采编). Raises: Refusal NOT_FOUND, FORBIDDEN, OUT_OF_TURN."""
    actor.require(UseCase.EDIT_REPORTS)
    return changed(unit, actor, stepped(unit, actor, id, Act.TAKE_ON), "report.take_on")


def decline(unit: Unit, actor: Actor, id: str, why: str) -> ReportRecord:
    """不予采编: it goes no further here, and its authors read why.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED.
    """
    actor.require(UseCase.EDIT_REPORTS)
    row = stepped(unit, actor, id, Act.DECLINE, wording.reason(why))
    signing.sent_back(row, why)
    telling.authors(unit, actor, row, "成果未予采编", why)
    return changed(unit, actor, row, "report.decline")


def merge(unit: Unit, actor: Actor, id: str, into: str) -> ReportRecord:
    """合编: the report goes on as a part of another one that is being edited, whose authors its own join.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN; LINK_CYCLE, it is the same; BAD_VALUE, too many authors.
    """
    actor.require(UseCase.EDIT_REPORTS)
    row = stepped(unit, actor, id, Act.MERGE)
    links.lay(unit, actor, id, Relation.MERGED_INTO, into)
    whole = stepped(unit, actor, into, Act.EDIT)
    sign_authors(unit, whole, enough([*authors_of(unit, into), *authors_of(unit, id)]))
    changed(unit, actor, whole, "report.edit")
    return changed(unit, actor, row, "report.merge")


def edit(unit: Unit, actor: Actor, id: str, told: Draft) -> ReportRecord:
    """采编: the office words it anew, until it is submitted for its signature.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, and what `write` refuses.
    """
    actor.require(UseCase.EDIT_REPORTS)
    row = stepped(unit, actor, id, Act.EDIT)
    describe(row, told)
    sign_authors(unit, row, named(unit, actor, told.authors, authors_of(unit, id)))
    row.drafted_by = actor.sub
    return changed(unit, actor, row, "report.edit")


def submit(unit: Unit, actor: Actor, id: str) -> ReportRecord:
    """送审: it waits for whoever signs. Raises: Refusal NOT_FOUND, FORBIDDEN, OUT_OF_TURN."""
    actor.require(UseCase.EDIT_REPORTS)
    row = stepped(unit, actor, id, Act.SUBMIT)
    row.returned_because = None
    telling.to_sign(unit, actor, row)
    return changed(unit, actor, row, "report.submit")


def send_back(unit: Unit, actor: Actor, id: str, why: str) -> ReportRecord:
    """退回: the office has it again, with the reason.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED.
    """
    actor.require(UseCase.SIGN_OFF_REPORTS)
    row = stepped(unit, actor, id, Act.SEND_BACK, wording.reason(why))
    signing.sent_back(row, why)
    telling.sent_back(unit, actor, row)
    return changed(unit, actor, row, "report.send_back")


def sign_off(unit: Unit, actor: Actor, bulletin: str, id: str, *, unclassified: bool) -> ReportRecord:
    """签发: it stands. Opinion information is an issue of the committee's bulletin (《社情民意》第N期) from now on.

    `bulletin`: how the committee calls an issue. Numbers run within the year of the signature, without a gap.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN; SECRECY_UNCONFIRMED, OWN_DRAFT; TRY_AGAIN, another issue was signed
            at the same moment.
    """
    actor.require(UseCase.SIGN_OFF_REPORTS)
    row = stepped(unit, actor, id, Act.SIGN_OFF)
    signing.signed(unit, row, actor, UseCase.SIGN_OFF_REPORTS, unclassified=unclassified)
    row.signed_on = day_of(unit.now)
    row.year = row.signed_on.year
    if row.kind is ReportKind.OPINION_INFO:
        row.issue = queries.last_issue(unit.session, row.year) + 1
        row.number = rules.printed(bulletin, row.year, row.issue)
        _alone(unit)
    telling.authors(unit, actor, row, "成果已签发", row.number or "")
    told = changed(unit, actor, row, "report.sign_off")
    crediting.credited(unit, row)
    return told


def archive(unit: Unit, actor: Actor, id: str) -> ReportRecord:
    """归档: nothing more is done with it. Raises: Refusal NOT_FOUND, FORBIDDEN, OUT_OF_TURN."""
    actor.require(UseCase.EDIT_REPORTS)
    return changed(unit, actor, stepped(unit, actor, id, Act.ARCHIVE), "report.archive")


def share(unit: Unit, actor: Actor, directory: Directory, id: str, shares: list[Share]) -> ReportRecord:
    """The report is shared with exactly these, once it is signed; from everybody else it is retracted, besides the
    higher committee that it was sent to.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM, BAD_VALUE; NOT_SIGNED_OFF, a signed record
            is widened only by who may sign.
    """
    actor.require(UseCase.EDIT_REPORTS)
    row = queries.locked(unit.session, id)
    stored = choices.check(shares, directory, unit.committee)
    signs = signing.may_widen(actor, UseCase.SIGN_OFF_REPORTS, row.drafted_by)
    shared_with_more(row.approval, row.shares, stored, signs=signs)
    row.shares = stored
    return changed(unit, actor, row, "report.share")


# ── parts ──


def _alone(unit: Unit) -> None:
    """No other issue has this number. Raises: Refusal TRY_AGAIN, one was signed at the same moment."""
    try:
        unit.session.flush()
    except IntegrityError as error:
        raise Refusal(Code.TRY_AGAIN) from error


def _own(unit: Unit, actor: Actor, id: str, act: Act) -> ReportRow:
    """A report that the actor writes, or the office for somebody, where the act leads it."""
    actor.require(UseCase.WRITE_REPORTS)
    if not actor.may(UseCase.EDIT_REPORTS) and not queries.is_author(unit.session, actor, id):
        raise Refusal(Code.NOT_FOUND)
    return stepped(unit, actor, id, act)


def _grow(unit: Unit, actor: Actor, row: ReportRow, source: str | None) -> None:
    """It stands with the report what it grew out of. Raises: Refusal BAD_ID; NOT_FOUND, it is no record of ours."""
    if source is None:
        return
    id = checked(source)
    if is_committee(id) or kind_of(id) not in RECORDS or owner_of(id) != unit.committee:
        raise Refusal(Code.NOT_FOUND)
    links.lay(unit, actor, row.id, Relation.DERIVED_FROM, id)
    if kind_of(id) == "topic":
        links.lay(unit, actor, id, Relation.CONVERTED_TO, row.id)


project = copies_shown.projection(SeenReportRow)
"""What others tell us of theirs is kept as a copy."""
