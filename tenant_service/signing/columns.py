"""What stands beside a record that is signed before it may leave; none of it ever does."""

import datetime as dt

from sqlalchemy.orm import Mapped, mapped_column

from tenant_service.signing.rules import Approval
from tenant_service.storage.columns import Ascii


class SignedColumns:
    """Where a record of ours stands in 审签, who drafted and who signed it, and why it was sent back."""

    approval: Mapped[Approval]
    drafted_by: Mapped[str] = mapped_column(Ascii)  # accounts never leave this committee
    signed_by: Mapped[str | None] = mapped_column(Ascii)
    signed_at: Mapped[dt.datetime | None]
    returned_because: Mapped[str | None]
