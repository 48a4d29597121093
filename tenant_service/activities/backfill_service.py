"""补录: sessions that are entered after they were held. One function, one use case, one transaction."""

from sync.contract.channels import Share
from sync.contract.errors import Code, Refusal, Said
from sync.contract.shapes.activities import ActivityRecord, ActivityState
from sync.contract.trust.directory import Directory
from tenant_service import wording
from tenant_service.activities import queries, service
from tenant_service.activities.descriptions import Draft, Report, describe, enter_report
from tenant_service.activities.models import ActivityRow
from tenant_service.activities.rules import Act
from tenant_service.exchange import way_out
from tenant_service.exchange.sharing import choices
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.signing.rules import Approval
from tenant_service.storage.unit_of_work import Unit


def backfill(
    unit: Unit, actor: Actor, directory: Directory, told: Draft, report: Report, why: str, shares: list[Share]
) -> ActivityRecord:
    """补录: a session entered after it was held stands closed on the day it was held, marked, and waits for sign-off.
    It counts meanwhile; it has its ordinal when it is signed.

    Raises:
        Refusal: NEEDS_REASON, BAD_TIME, and what `draft` and `close` refuse.
    """
    made = service.draft(unit, actor, directory, told, shares)
    row = queries.locked(unit.session, made.id)
    row.backfilled, row.approval, row.state = True, Approval.IN_REVIEW, ActivityState.CLOSED
    _held_before(unit, row, report, why)
    return service.changed(unit, actor, row, "activity.backfill")


def redraft_backfill(
    unit: Unit, actor: Actor, directory: Directory, id: str, told: Draft, report: Report, why: str,
    shares: list[Share],
) -> ActivityRecord:  # fmt: skip
    """What was backfilled and sent back is as described and reported now, still in the past; `submit` follows.

    Raises:
        Refusal: NOT_FOUND; OUT_OF_TURN, it was not backfilled, or is in review or signed; and what `backfill` refuses.
    """
    actor.require(UseCase.DRAFT_ACTIVITY)
    row = service.stepped(unit, id, Act.REDRAFT_BACKFILL)
    row.drafted_by = actor.sub
    row.shares = choices.check(shares, directory, unit.committee)
    describe(unit, directory, row, told)
    _held_before(unit, row, report, why)
    return service.changed(unit, actor, row, "activity.redraft_backfill")


def take_back(unit: Unit, actor: Actor, id: str) -> ActivityRecord:
    """撤销补录: what was backfilled by mistake and nobody has signed is not there any more; returns what it was. Only
    whoever entered it: for everybody else it counts already.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN; OUT_OF_TURN, it is signed, or was not backfilled.
    """
    actor.require(UseCase.DRAFT_ACTIVITY)
    row = service.stepped(unit, id, Act.TAKE_BACK)
    if row.drafted_by != actor.sub:
        raise Refusal(Code.FORBIDDEN)
    return way_out.discarded(unit, actor, row, "activity.take_back")


def _held_before(unit: Unit, row: ActivityRow, report: Report, why: str) -> None:
    if row.starts_at > unit.now:
        raise Refusal(Code.BAD_TIME, why=Said("尚未开始，不能补录", "it has not begun"))
    row.change_note = wording.reason(why)
    enter_report(row, report)
