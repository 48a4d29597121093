"""Rows of one kind of ours, by their id: to be looked at, or locked to be changed."""

from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from tenant_service.storage.columns import Row

Own = TypeVar("Own", bound=Row)


class Repository(Generic[Own]):
    """The rows of one table. What is not there is refused alike for every kind: NOT_FOUND.

    Whether somebody may do anything with such rows at all is asked of the actor first: FORBIDDEN.
    """

    def __init__(self, model: type[Own]) -> None:
        self.model = model

    def ours(self, session: Session, id: str) -> Own:
        """Our row, to be looked at. Raises: Refusal NOT_FOUND."""
        return _there(session.get(self.model, id))

    def locked(self, session: Session, id: str) -> Own:
        """Our row, locked: it is changed, or something is hung on it that needs it to stay as it is. Whatever was read
        of it before in this transaction is read anew: somebody may have changed it while the lock was waited for.

        Raises:
            Refusal: NOT_FOUND.
        """
        session.flush()  # what was changed here is not read over
        return _there(session.get(self.model, id, with_for_update=True, populate_existing=True))


def _there(row: Own | None) -> Own:
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    return row
