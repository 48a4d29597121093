"""Places as clients keep them: they tell nothing, not even how many changes lie between two of them.

A place behind a change is its number, and numbers count every change of this committee: drafts of the office and other
people's requests as well. So the number is covered with a pad that only this committee can make, another one for each
transaction.
"""

import hashlib
from dataclasses import dataclass

from joserfc.jwk import ECKey

from sync.contract.errors import Code, Refusal
from tenant_service.storage.changed import Place

_DIGITS, _LONGEST = 16, 60


@dataclass(frozen=True)
class Veil:
    """Writes places and reads them. With another secret every place is one that is not known any more."""

    secret: bytes

    @classmethod
    def of(cls, key: ECKey) -> "Veil":
        """Made of a private key that every process of this committee has."""
        told = key.as_dict(private=True)["d"]
        return cls(hashlib.blake2b(str(told).encode(), digest_size=32, person=b"changes").digest())

    def written(self, place: Place) -> str:
        return f"{place.seq ^ self._pad(place.mark):0{_DIGITS}x}{place.mark}"

    def read(self, told: str) -> Place:
        """Raises: Refusal BAD_CURSOR."""
        if "." in told:  # as the release before wrote them; they are kept for seven days
            return Place.read(told)
        try:
            number = int(told[:_DIGITS], 16)
        except ValueError:
            raise Refusal(Code.BAD_CURSOR) from None
        if not _DIGITS <= len(told) <= _LONGEST or not told.isascii() or not told.isalnum():
            raise Refusal(Code.BAD_CURSOR)
        mark = told[_DIGITS:]
        return Place((number ^ self._pad(mark)) & 2**63 - 1, mark)

    def _pad(self, mark: str) -> int:
        return int.from_bytes(hashlib.blake2b(mark.encode(), digest_size=8, key=self.secret).digest()) >> 1
