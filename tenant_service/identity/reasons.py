"""事由: why somebody did something that another may ask about, as it was typed."""

from sync.contract.errors import Code, Refusal, Said
from tenant_service import wording

LEAST = 4
"""Characters; less is no reason."""
MOST = 200


def checked(reason: str) -> str:
    """The reason as it is kept.

    Raises:
        Refusal: NEEDS_REASON; BAD_VALUE, too short or too long; CLASSIFIED.
    """
    if not reason.strip():
        raise Refusal(Code.NEEDS_REASON)
    plain = wording.text("reason", reason, MOST)
    if len(plain) < LEAST:
        why = Said(f"请写明事由，至少{LEAST}字", f"say why, at least {LEAST} characters")
        raise Refusal(Code.BAD_VALUE, field="reason", why=why)
    return plain
