"""Looking at everything that was kept: what was erased is no break, what was made a hole by somebody else is one."""

from collections.abc import Mapping

from sqlalchemy import update

from sync.bus import wire
from tenant_service.exchange.models import OutboxRow, ReceivedRow
from tenant_service.exchange.watching.self_check import Verified, verified
from tests.tenant_service.exchange.committees import CITY, COUNTY, Committee, carry

LOG = f"{COUNTY}/p"


def looked_at(committee: Committee) -> Verified:
    with committee.units.read() as unit:
        return verified(unit.session, committee.trust)


def test_what_was_erased_is_no_break_at_its_owner_or_a_reader(committees: Mapping[str, Committee]) -> None:
    county, city = committees[COUNTY], committees[CITY]
    id = county.new_id()
    county.publish(id, 1, ["c", "p"])
    county.publish(county.new_id(), 1, ["p"])
    carry(county, city)
    before = looked_at(city)
    county.erase(id, 2)
    carry(county, city)
    assert looked_at(county).breaks == looked_at(city).breaks == []
    assert looked_at(city).received_events == before.received_events + 2, "the deletes"
    assert looked_at(city).proofs > before.proofs, "the owner's word for each hole is looked at"


def test_a_hole_that_its_owner_did_not_sign_is_a_break(committees: Mapping[str, Committee]) -> None:
    """The proof is the owner's, but says of the place that it was told, not that it was erased."""
    county, city = committees[COUNTY], committees[CITY]
    county.publish(county.new_id(), 1, ["p"])
    carry(county, city)
    told = county.page("p")[-1]
    forged = wire.hole(LOG, told.head()._replace(proof=county.trust.sign(LOG, told.head())), told.prev)
    for committee, row in ((county, OutboxRow), (city, ReceivedRow)):
        with committee.units.write() as unit:
            unit.session.execute(update(row).where(row.seq == told.seq).values(body=forged.body))
        assert f"{LOG} {told.epoch}/{told.seq}: its owner did not erase this" in looked_at(committee).breaks[0]
