"""What the owner of an `id` answers: it is asked, and what it shared with the caller's home stands in while it is
silent.
"""

from typing import Any

from gateway.federation.address import Address, Standpoint
from gateway.federation.roots.passed_on import PassedOn
from sync.contract.ids import owner_of


class Owner(PassedOn):
    """One record, by its id."""

    is_one_record = True

    def address(self, arguments: dict[str, Any], standpoint: Standpoint) -> Address:
        owner = owner_of(arguments["id"])
        live = [owner] if owner in standpoint.committees.listed else []
        return Address(arguments, live=live, may_stand_in=standpoint.caller.home not in (None, owner))
