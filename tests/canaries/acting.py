"""What an owner's office does while others listen: activities with canaries by the usual acts, one for each channel."""

import datetime as dt
import uuid
from typing import Any

from sync.contract.channels import PLAIN, Scope, Share
from sync.contract.visibility import Visible
from tests.canaries.asking import Asker, Asking
from tests.canaries.federation import CHILD, MECHANISM, OWNER, PARENT, PARTNER, SIBLING
from tests.canaries.markers import Leave, Markers

_SHARES = [
    [], *([Share(scope)] for scope in PLAIN), [Share(Scope.MECHANISM, MECHANISM)],
    *([Share(Scope.PARTNER, each)] for each in (PARENT, SIBLING, CHILD, PARTNER)),
    [Share(Scope.PARENT), Share(Scope.OPEN)],
]  # fmt: skip
_CIRCLES = {
    "title": Visible.PUBLIC, "place": Visible.PUBLIC, "series": Visible.PUBLIC, "organizer": Visible.FEDERATION,
    "contactName": None, "contactPhone": None,
}  # fmt: skip

NOW = " as it happens"
"""Behind the names of their columns, so that they are told from those that were there before."""


def publish(asking: Asking) -> Markers:
    """The canaries of what was drafted, submitted and signed for."""
    markers, now = Markers(), dt.datetime.now(dt.UTC)
    for number, shares in enumerate(_SHARES):
        starts = (now + dt.timedelta(days=3, hours=number)).isoformat()
        activity: dict[str, Any] = {"kind": "JOINT_SESSION", "startsAt": starts}
        for name, circle in _CIRCLES.items():
            made = markers.new(OWNER, f"activity.{name}{NOW}")
            activity[name] = made.text
            if circle and shares:
                made.leaves.append(Leave(circle, [each.channel for each in shares]))
        told = [{"scope": each.scope.value, "target": each.target} for each in shares]
        types = "$activity: ActivityInput!, $shares: [ShareInput!]!"
        id = _act(asking, "clerk", "draftActivity", types, {"activity": activity, "shares": told})
        _act(asking, "clerk", "submitActivity", "$id: ID!", {"id": id})
        signed = {"id": id, "unclassified": True}
        _act(asking, "secretary", "signOffActivity", "$id: ID!, $unclassified: Boolean!", signed)
    return markers


def _act(asking: Asking, role: str, name: str, types: str, variables: dict[str, Any]) -> str:
    arguments = ", ".join(f"{each}: ${each}" for each in variables)
    document = f"mutation ($key: ID!, {types}) {{ done: {name}(key: $key, {arguments}) {{ id }} }}"
    answer = asking.client.post(
        f"{asking.planted.url(OWNER)}/graphql",
        json={"query": document, "variables": variables | {"key": uuid.uuid4().hex}},
        headers={"authorization": f"Bearer {asking.token(Asker(OWNER, role))}"},
    ).json()
    assert "errors" not in answer, answer
    return str(answer["data"]["done"]["id"])
