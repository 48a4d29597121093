"""An answer of the gateway's engine, read where the gateway itself has asked."""

import datetime as dt
from typing import Any

import orjson

from gateway.federation.refused import Answer
from sync.contract.errors import Code, Refusal
from sync.contract.instants import instant


def data_of(answer: Answer) -> dict[str, Any]:
    """What was answered.

    Raises:
        Refusal: what the gateway refused, or what the one committee asked did.
    """
    told = orjson.loads(answer.body)
    data: dict[str, Any] | None = told.get("data")
    if data is None or (told.get("errors") and all(value is None for value in data.values())):
        raise _refusal(told.get("errors", []))
    return data


def copied_at(answer: Answer) -> dt.datetime | None:
    """Since when the record in this answer is true, where it is a copy in the place of an owner that is silent."""
    told: dict[str, Any] = orjson.loads(answer.body)
    stale = told.get("extensions", {}).get("stale", [])
    return min((instant(each["asOf"]) for each in stale if each["asOf"]), default=None)


def _refusal(errors: list[dict[str, Any]]) -> Refusal:
    """The first error as the refusal it is; one that this release does not know is INVALID, in its own words."""
    told = errors[0] if errors else {}
    about = told.get("extensions", {})
    made = Refusal(Code.known(about.get("code")) or Code.INVALID)
    made.zh, made.en = about.get("zh", made.zh), told.get("message", made.en)
    return made
