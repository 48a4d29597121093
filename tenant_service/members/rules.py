"""What may happen to units and memberships. Pure: no clock, no database, no network."""

import datetime as dt
from collections.abc import Mapping

from sync.contract.errors import Code, Refusal, Said
from sync.contract.kinds import Kind
from sync.contract.shapes.members import MembershipEnding, MembershipKind, MembershipState, UnitKind
from sync.contract.shapes.sectors import Party
from tenant_service.steps import between


class Gender(Kind):
    """性别."""

    MALE = "MALE", "男"
    FEMALE = "FEMALE", "女"


class BodyState(Kind):
    """单位状态."""

    LISTED = "LISTED", "在册"
    CLOSED = "CLOSED", "已撤销"


class Lacking(Kind):
    """单位所缺: what is to be filled in before work can be handed over to a body."""

    ACCOUNT = "ACCOUNT", "没有账号"
    CONTACT = "CONTACT", "没有联系人"


AREAS = (UnitKind.TOWN, UnitKind.COMMUNITY, UnitKind.GRID)
"""镇街、社区（村）、网格: the committee's own dated list of areas."""

PARTY = (
    UnitKind.PARTY_LEADING_GROUP, UnitKind.PARTY_GENERAL_BRANCH, UnitKind.PARTY_BRANCH,
    UnitKind.TEMPORARY_PARTY_BRANCH, UnitKind.PARTY_GROUP, UnitKind.TEMPORARY_PARTY_GROUP,
)  # fmt: skip
"""双线党建: line A of the office and line B of the members are two trees of these (seed fact 92)."""

_BELOW: dict[UnitKind, frozenset[UnitKind]] = {
    UnitKind.TOWN: frozenset(),
    UnitKind.COMMUNITY: frozenset({UnitKind.TOWN}),
    UnitKind.GRID: frozenset({UnitKind.TOWN, UnitKind.COMMUNITY}),
    **{kind: frozenset(PARTY) for kind in PARTY},
}
_WORK = frozenset(UnitKind) - frozenset(AREAS) - frozenset(PARTY)

MEMBERSHIPS = between(
    {
        MembershipState.PROPOSED: {MembershipState.ACTIVE, MembershipState.ENDED},
        MembershipState.ACTIVE: {MembershipState.ENDED},
    }
)
"""A membership is proposed, held and ended."""

MOST_TAGS = 20
"""Of one person."""

NEEDS_MEETING = frozenset({MembershipKind.MEMBER})
"""A seat in the committee itself begins and ends by a meeting's decision; places in units do not."""


MOST_SEGMENTS = 100
"""名单 that the office keeps."""


def may_be_in_touch(holder: Party | None, other: Party | None) -> None:
    """一对一联系: a party member is in touch with somebody who is none (seed fact 94).

    Raises:
        Refusal: BAD_VALUE, of the one who is not what is needed.
    """
    if holder is not Party.CPC:
        raise Refusal(Code.BAD_VALUE, field="personId", why=Said("须为中共党员委员", "a member of the party"))
    if other in (None, Party.CPC):
        raise Refusal(Code.BAD_VALUE, field="withPersonId", why=Said("须为党外委员", "somebody of no or another party"))


BY_MEETING = frozenset({MembershipEnding.RESIGNED, MembershipEnding.REVOKED, MembershipEnding.STOPPED})
"""辞去、撤销、停止履职 of such a seat are decided; a term that is over, a move or a death are not."""


def above(unit: str, parent: str | None, parents: Mapping[str, str | None]) -> str | None:
    """`parent`, if `unit` may stand below it; `parents` says what each unit of the committee stands below.

    Raises:
        Refusal: UNIT_CYCLE.
    """
    at, seen = parent, {unit}
    while at is not None:
        if at in seen:
            raise Refusal(Code.UNIT_CYCLE)
        seen.add(at)
        at = parents.get(at)
    return parent


def placed(kind: UnitKind, parent: UnitKind) -> None:
    """Areas stand below areas, party units below party units, all others below one another.

    Raises:
        Refusal: UNIT_MISPLACED.
    """
    if parent not in _BELOW.get(kind, _WORK):
        raise Refusal(Code.UNIT_MISPLACED, kind=kind, above=parent)


def in_order(since: dt.date | None, until: dt.date | None) -> None:
    """Raises: Refusal BAD_TIME, the last day is before the first."""
    if since and until and until < since:
        raise Refusal(Code.BAD_TIME, why=f"{until} < {since}")
