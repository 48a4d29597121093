"""所属单位: for whom a contact or a coordinator works. Which bodies there are, the list of `members` says."""

from collections.abc import Set as AbstractSet

from sync.contract.errors import Code, Refusal
from tenant_service.identity.policy import FOR_A_BODY, Role


def check(roles: AbstractSet[Role], body: str | None) -> None:
    """Nothing, where whoever has these roles may work for this body, or for none.

    Raises:
        Refusal: BODY_NEEDED.
    """
    if body is None and (needing := roles & FOR_A_BODY):
        raise Refusal(Code.BODY_NEEDED, role=min(needing))
