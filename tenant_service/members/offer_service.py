"""承办范围: whose assignments a body of ours takes. Guidance is no command: its own committee's office decides that.

The body's record is told to exactly those whose assignments it takes, so that a record that was told is the offer, and
a body that nobody was told of takes none but our own.
"""

from collections.abc import Iterable

from sync.contract.channels import Scope, Share
from sync.contract.errors import Code, Refusal, Said
from sync.contract.shapes.members import BodyRecord
from sync.contract.trust.directory import Directory
from tenant_service.exchange import way_out
from tenant_service.exchange.sharing import choices, copies_shown
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.members import queries
from tenant_service.members.models import SeenBodyRow
from tenant_service.storage.unit_of_work import Unit

SCOPES = (Scope.PARENT, Scope.MECHANISM, Scope.PARTNER)
"""From whom a body may take assignments: the parent, the partners of a mechanism, one committee that is named."""


def offer(unit: Unit, actor: Actor, directory: Directory, id: str, shares: Iterable[Share]) -> BodyRecord:
    """The body takes assignments from exactly these, beside our own; what it has in hand already it goes on with.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM; BAD_VALUE, it would be offered to more than
            a parent, partners or a committee that is named; OUT_OF_TURN, it is closed.
    """
    actor.require(UseCase.EDIT_MEMBERS)
    row, told = queries.locked_body(unit.session, id), list(shares)
    if row.until is not None:
        raise Refusal(Code.OUT_OF_TURN, now=Said("已撤销", "CLOSED"))
    for share in told:
        if share.scope not in SCOPES:
            why = Said("只能选择上级政协、联动机制或指定政协", "a parent, a mechanism or a committee that is named")
            raise Refusal(Code.BAD_VALUE, field="shares", why=why)
    was, row.shares = row.shares, choices.check(told, directory, unit.committee)
    told_to = choices.channels(row.shares) if row.shares or was else None
    return way_out.changed(unit, actor, row, "body.offer", told_to)


project = copies_shown.projection(SeenBodyRow)
"""A body of another committee that takes our assignments is kept as a copy."""
