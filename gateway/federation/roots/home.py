"""What the caller's own committee answers: every act, and what has `@home`."""

from typing import Any

from gateway.federation.address import Address, Standpoint
from gateway.federation.roots.passed_on import PassedOn
from sync.contract.errors import Code, Refusal


class Home(PassedOn):
    """For whoever has no home it is null, and says why."""

    def address(self, arguments: dict[str, Any], standpoint: Standpoint) -> Address:
        home = standpoint.caller.home
        if home is None:
            return Address(arguments, refusal=Refusal(Code.NOT_SIGNED_IN))
        return Address(arguments, live=[home])
