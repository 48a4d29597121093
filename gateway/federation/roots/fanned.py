"""What many committees answer together: who of them is asked, and of whom copies are read. The kinds of it are `merged`
and `figures`.
"""

import datetime as dt
from typing import Any

from gateway.federation.address import Address, Standpoint
from gateway.federation.answering.pieces import Piece
from gateway.federation.answering.sources import Source, missing
from sync.contract.errors import Code, Refusal


def fanned(arguments: dict[str, Any], standpoint: Standpoint) -> Address:
    """Whom `at` means, asked as `fan` says.

    Raises:
        Refusal: what `at` refuses; NOT_SIGNED_IN, copies are read at the caller's home, and there is none.
    """
    fan = arguments.get("fan") or {}
    address = _read(arguments, fan.get("read", "AUTO"), standpoint)
    if fan.get("maxStaleMs") is not None:
        address.max_stale = dt.timedelta(milliseconds=max(0, fan["maxStaleMs"]))
    address.needs_all = fan.get("require") == "ALL"
    address.wait = fan.get("deadlineMs") or standpoint.usual_wait
    return address


def as_whole(address: Address, sources: list[Source], piece: Piece) -> Piece:
    """The piece, unless it must be whole and is not. Raises: Refusal PARTIAL_RESULT."""
    if address.needs_all and not piece.complete:
        raise Refusal(Code.PARTIAL_RESULT, why=missing(sources))
    return piece


def _read(arguments: dict[str, Any], read: str, standpoint: Standpoint) -> Address:
    """Who is asked live, and of whom copies are read. Raises: Refusal."""
    everyone, home = standpoint.committees.addressed(arguments.get("at")), standpoint.caller.home
    if read == "REPLICA" and home is None:
        raise Refusal(Code.NOT_SIGNED_IN)
    if read == "LIVE" or home is None:
        return Address(arguments, everyone, everyone)
    if read == "AUTO" and len(everyone) <= standpoint.replica_above:
        return Address(arguments, everyone, everyone, may_stand_in=True)
    live = [id for id in everyone if id == home]
    return Address(arguments, everyone, live, [id for id in everyone if id != home])
