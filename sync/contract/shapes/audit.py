"""审计头: where a committee's audit log ended at a moment, signed, so that others see when something was cut off.

A chain of hashes shows what was changed in it, and never that its tail is gone. So each committee tells its parent
every hour where its log ends; what it tells next has to continue that. Only a place and a hash travel, no entry.
"""

import datetime as dt
from collections.abc import Iterable

import msgspec
from joserfc.jwk import ECKey

from sync.contract import jose
from sync.contract.ids import Id
from sync.contract.strangers import reading
from sync.contract.visibility import Visible, record, visible

TYPE = "liandong-audit-head+jws"
HOURLY = dt.timedelta(hours=1)
"""How often a head is told."""
MOST_TRAIL = 24
"""Earlier heads that are told again with each: a parent that missed as many can still compare."""


class Head(msgspec.Struct, frozen=True):
    """What is signed: after entry `seq` of the committee's log its chain was `chain` (hex).

    Attributes:
        month: The segment that entry lies in, YYYY-MM in Asia/Shanghai.
        at: Unix seconds of the committee's clock.
    """

    committee: str
    month: str
    seq: int
    chain: str
    at: int


_read = reading(msgspec.json.Decoder(Head).decode)


def signed(head: Head, key: ECKey) -> str:
    return jose.sign(TYPE, msgspec.json.encode(head), key)


def opened(proof: str, keys: Iterable[ECKey]) -> Head:
    """The head, signed with one of these keys.

    Raises:
        Untrusted: with none of them, or it is no head.
    """
    kid = jose.header_of(proof).get("kid")
    for key in keys:
        if key.kid == kid:
            try:
                return _read(jose.opened(TYPE, proof, key))
            except msgspec.DecodeError as error:
                raise jose.Untrusted(str(error)) from None
    raise jose.Untrusted("signed with a key that is not known")


@record
class AuditHeadRecord:
    """审计头: where the committee's audit log ended; one record a month, told anew every hour."""

    id: Id = visible(Visible.FEDERATION, "Global id.")
    committee_id: Id = visible(Visible.FEDERATION, "Whose log.")
    month: str | None = visible(Visible.PARENT, "YYYY-MM, Asia/Shanghai: the segment of its last entry.", default=None)
    seq: int | None = visible(Visible.PARENT, "Number of the last entry.", default=None)
    chain: str | None = visible(Visible.PARENT, "Chain after it, in hex.", default=None)
    at: dt.datetime | None = visible(Visible.PARENT, "When it was signed.", default=None)
    proof: str | None = visible(Visible.PARENT, "The committee's signature over all of these.", default=None)
    trail: dict[str, str] | None = visible(
        Visible.PARENT,
        "Number of an entry → chain after it, of the last 24 heads, as it is now.",
        default=None,
    )
    broken_at: int | None = visible(
        Visible.PARENT, "Number of the first entry that is gone, as the committee itself counts; null: none is.",
        default=None,
    )  # fmt: skip


@record
class AuditConsentRecord:
    """委托审计: the committee lets its parent's audit administrators read its audit log, until it says otherwise."""

    id: Id = visible(Visible.FEDERATION, "Global id.")
    committee_id: Id = visible(Visible.FEDERATION, "Whose log.")
    parent_id: Id | None = visible(Visible.PARENT, "Whose audit administrators read it.", default=None)
    given_at: dt.datetime | None = visible(Visible.PARENT, "Since when.", default=None)
    withdrawn_at: dt.datetime | None = visible(Visible.PARENT, "Until when; null: it is in force.", default=None)
