"""The federation that the canaries live in: an owner and one committee of every relation to it, and how they stand to
each other, written by hand.
"""

from pathlib import Path

from deploy.demo.layout import Layout, free_ports
from deploy.demo.scenes import Agreement, Place, Scene
from sync.contract.levels import Level

OWNER, PARENT, ANCESTOR = "330421", "330400", "330000"
SIBLING, CHILD, PARTNER, UNRELATED, SUSPENDED = "330402", "330491", "310118", "511302", "330481"
MECHANISM = f"{OWNER}.mechanism.0192f0c0a1b27c3d8e4f5a6b7c8d9e0f"
_PLACES = (
    Place(ANCESTOR, "浙江省政协", "浙江", Level.PROVINCE),
    Place(PARENT, "嘉兴市政协", "嘉兴", Level.CITY, ANCESTOR),
    Place(OWNER, "嘉善县政协", "嘉善", parent=PARENT),
    Place(SIBLING, "南湖区政协", "南湖", parent=PARENT),
    Place(CHILD, "罗星街道政协", "罗星", parent=OWNER),
    Place(PARTNER, "青浦区政协", "青浦"),
    Place(UNRELATED, "顺庆区政协", "顺庆"),
)
_SUSPENDED = Place(SUSPENDED, "海宁市政协", "海宁", parent=PARENT)
_TOGETHER = (Agreement(MECHANISM, "三地政协联动机制", (OWNER, PARTNER)),)
COMMITTEES = tuple(each.id for each in _PLACES)
OWNERS = (OWNER, PARTNER)
"""Who has canaries; each is somebody who is told things to the other as well."""
RELATIONS = {
    OWNER: {
        PARENT: "parent", ANCESTOR: "ancestor", CHILD: "child", SIBLING: "sibling", PARTNER: "mechanism partner",
        UNRELATED: "any other active committee",
    },
    PARTNER: {
        OWNER: "mechanism partner",
        **dict.fromkeys((PARENT, ANCESTOR, CHILD, SIBLING, UNRELATED), "any other active committee"),
    },
}  # fmt: skip
"""Owner → reader → what the reader is to the owner, as docs/policy.md calls it."""
FAR = {"ancestor", "any other active committee"}
"""Relations whose committees read open records where they are, and are told none."""


def layout(folder: Path, port: int, *, before: bool = False) -> Layout:
    """Where everything is. `before`: as long as the suspended committee was not suspended."""
    places = (*_PLACES, _SUSPENDED) if before else _PLACES
    ports = free_ports(port, [each.id for each in (*_PLACES, _SUSPENDED)])
    return Layout(folder, [Scene("canaries", "金丝雀", places, _TOGETHER)], ports)
