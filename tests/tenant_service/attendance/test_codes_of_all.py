"""履职码: whoever has an account here has a code, and a host who knows our directory takes it."""

import pytest

from sync.contract.trust import codes
from tenant_service.attendance.codes import code_for
from tenant_service.attendance.models import IssuedCodeRow
from tenant_service.identity.policy import Role
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.attendance.test_taking_part import person


@pytest.mark.seed(14)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_each_of_287_members_has_a_code_of_their_own_which_any_host_takes(units: Units) -> None:
    key, directory, shown = places.key(places.JIASHAN, "code"), places.directory(), dict[str, str]()
    for number in range(1, 288):
        member = places.staff(places.JIASHAN, Role.MEMBER, sub=f"m{number}", person=person(number))
        with units.read() as unit:
            shown[person(number)] = code_for(unit, units, member, key, None)
    with units.read() as unit:
        now = int(unit.now.timestamp())
        taken = {codes.accepted(each, "", directory, now).person for each in shown.values()}
        assert taken == set(shown), "287 of 287"
        assert len(set(shown.values())) == 287
        assert unit.session.query(IssuedCodeRow).count() == 287, "each showing is noted"
