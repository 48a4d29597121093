"""A clerk reads on the page what is wrong, never only the program's code for it."""

import re
from pathlib import Path
from typing import get_args

from sync.contract.trust.directory import Void
from sync.log import Trouble
from tenant_service.exchange.models import FollowedState
from tenant_service.exchange_status.words import ALARMS, STATES, TROUBLES

ROOT = Path(__file__).resolve().parents[3]
RAISED = re.compile(r"(?:raise_alarm|self\.alarm)\b[^\n]*?\"([A-Z_]+)\"")


def raised() -> set[str]:
    """Codes of all alarms that the code raises; those that come of a `Trouble` carry its own."""
    sources = [file for part in ("sync", "tenant_service") for file in (ROOT / part).rglob("*.py")]
    return {code for file in sources for code in RAISED.findall(file.read_text(encoding="utf-8"))}


def test_every_alarm_that_is_raised_has_words() -> None:
    assert {"STRANGER", "NOT_ITS_OWN", "UNREADABLE"} < raised()
    assert (
        raised() | {"DIRECTORY_REFUSED"} | set(get_args(Void)) | {each.value for each in Trouble if each}
        == ALARMS.keys()
    )


def test_every_trouble_and_every_state_has_words() -> None:
    assert {each.value for each in Trouble if each} == TROUBLES.keys()
    assert {each.value for each in FollowedState} == STATES.keys()
