"""An answer of the gateway's engine, read where the gateway itself has asked."""

from typing import Any

import orjson

from gateway.federation.engine import Answer
from sync.contract.errors import Code, Refusal


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


def _refusal(errors: list[dict[str, Any]]) -> Refusal:
    """The first error as the refusal it is; one that this release does not know is INVALID, in its own words."""
    told = errors[0] if errors else {}
    about = told.get("extensions", {})
    made = Refusal(next((code for code in Code if code == about.get("code")), Code.INVALID))
    made.zh, made.en = about.get("zh", made.zh), told.get("message", made.en)
    return made
