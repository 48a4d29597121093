"""What came to the office alone stays there: members of ours see copies that were shared with members as well."""

import pytest

from sync.contract.shapes.activities import ActivityOrder
from tenant_service.activities import queries
from tenant_service.activities.models import SeenActivityRow
from tenant_service.activities.queries import Wanted
from tenant_service.identity.actor import Actor, nobody
from tenant_service.identity.policy import Role
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.activities.test_life import draft

QINGPU_ID = f"{places.QINGPU}.activity.{{}}"


@pytest.mark.parametrize(
    ("channel", "seen_by_members"),
    [("x_330421", False), ("c", False), ("p", False), ("n", False), ("o", True), ("d", True), (f"m_{'0' * 32}", True)],
)
def test_members_see_what_was_shared_with_members(
    units: Units, clerk: Actor, member: Actor, channel: str, seen_by_members: bool
) -> None:
    id = QINGPU_ID.format("7" * 32)
    told = draft()
    with units.write() as unit:
        unit.session.add(
            SeenActivityRow(
                id=id, committee_id=places.QINGPU, title=told.title, kind=told.kind, format=told.format,
                state="PUBLISHED", starts_at=told.starts_at, place=told.place, host_ids=[places.QINGPU],
                organizer="x", backfilled=False, revision=1, changed_at=unit.now, channels=[channel], as_of=unit.now,
            )
        )  # fmt: skip

    def sees(actor: Actor) -> tuple[bool, bool]:
        with units.read() as unit:
            page = queries.listed(
                unit.session, actor, Wanted(), ActivityOrder.STARTS_AT_DESC, 10, None, [places.QINGPU]
            )
            return bool(page.rows), queries.one(unit.session, actor, id) is not None

    assert sees(clerk) == (True, True)
    assert sees(member) == (seen_by_members, seen_by_members)
    admin = places.staff(places.JIASHAN, Role.SYSTEM_ADMIN)
    assert sees(admin) == (seen_by_members, seen_by_members)
    assert sees(nobody(places.JIASHAN)) == (False, False)
