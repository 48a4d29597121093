"""A check-in code that is bad checks nobody in."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import msgspec
import orjson
import pytest
import pytest_asyncio
import uuid_utils

from sync.contract import jose
from sync.contract.channels import Scope, Share
from sync.contract.shapes.activities import ActivityKind
from sync.contract.trust import codes
from sync.contract.trust.codes import CheckInCode
from tenant_service.activities import service
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tests.security.scene import HOME, NEIGHBOUR, Scene, code
from tests.security.table import Attack, Door, tries

pytestmark = [pytest.mark.federation, pytest.mark.asyncio(loop_scope="module")]
C = Door.CODE
_ACT = """mutation ($key: ID!, $activity: ID!, $code: String!) {
  checkInByCode(key: $key, activityId: $activity, code: $code) { id }
}"""


class Desk:
    """HOME's desk at a session that begins soon."""

    def __init__(self, scene: Scene, activity: str) -> None:
        self.scene, self.activity = scene, activity

    def good(self, **changed: Any) -> CheckInCode:
        """What NEIGHBOUR says of a member of its own; each time of another one."""
        now = int(self.scene.clock().timestamp())
        told: dict[str, Any] = {
            "person": f"{NEIGHBOUR}.person.{uuid_utils.uuid7().hex}", "name": "委员", "activity": self.activity,
            "jti": uuid_utils.uuid7().hex, "iat": now, "exp": now + 600,
        }  # fmt: skip
        return CheckInCode(**told | changed)

    def signed(self, told: CheckInCode) -> str:
        return codes.issued(told, self.scene.keys[NEIGHBOUR].code)

    async def shown(self, text: str) -> str:
        """What the desk says; empty: somebody is present."""
        variables = {"key": uuid_utils.uuid7().hex, "activity": self.activity, "code": text}
        body = orjson.dumps({"query": _ACT, "variables": variables})
        bearer = f"Bearer {self.scene.token()}"
        return code((await self.scene.post(HOME, body, authorization=bearer)).content)

    async def refuses(self, text: str, expected: str) -> None:
        async with self.scene.nothing_changes():
            assert await self.shown(text) == expected


@pytest_asyncio.fixture(loop_scope="module")
async def desk(scene: Scene) -> Desk:
    home = scene.committees[HOME]
    clerk, secretary = (
        Actor(committee=HOME, iss=HOME, sub=role.value, name="测试", roles=frozenset({role}))
        for role in (Role.CLERK, Role.SECRETARY)
    )
    starts = scene.clock() + dt.timedelta(minutes=30)
    with home.units.write() as unit:
        drafted = service.Draft("联席会议", ActivityKind.JOINT_SESSION, starts, "嘉善", organizer="提案委员会")
        made = service.draft(unit, clerk, home.trust.directory, drafted, [Share(Scope.OPEN)])
        service.submit(unit, clerk, made.id)
        service.sign_off(unit, secretary, made.id, unclassified=True)
    return Desk(scene, made.id)


async def test_a_good_code_checks_in(desk: Desk) -> None:
    assert await desk.shown(desk.signed(desk.good())) == ""


def _altered(desk: Desk) -> str:
    """Another name under a good signature."""
    told = desk.good()
    first, _, last = desk.signed(told).split(".")
    return f"{first}.{desk.signed(msgspec.structs.replace(told, name='别人')).split('.')[1]}.{last}"


def _as(typ: str, use: str) -> Callable[[Desk], str]:
    def make(desk: Desk) -> str:
        [key, *_] = desk.scene.keys[NEIGHBOUR].of(use)  # type: ignore[arg-type]
        return jose.sign(typ, msgspec.json.encode(desk.good()), key)

    return make


def _ago(seconds: int, **more: Any) -> Callable[[Desk], str]:
    def make(desk: Desk) -> str:
        now = int(desk.scene.clock().timestamp()) - seconds
        return desk.signed(desk.good(iat=now, exp=now + 60, **more))

    return make


BAD: list[tuple[str, Attack, Callable[[Desk], str], str]] = [
    ("signed by a stranger", Attack.FORGED, lambda desk: codes.issued(desk.good(), jose.new_key()), "CODE_INVALID"),
    ("nothing that is signed", Attack.FORGED, lambda _: "x.y.z", "CODE_INVALID"),
    ("signed by the home's key for tokens", Attack.FORGED, _as(codes.TYPE, "token"), "CODE_INVALID"),
    ("a token and no code", Attack.WRONG_AUDIENCE, _as("at+jwt", "code"), "CODE_INVALID"),
    ("for another session", Attack.WRONG_AUDIENCE,
     lambda desk: desk.signed(desk.good(activity=f"{HOME}.activity.{'9' * 32}")), "CODE_INVALID"),
    ("a walk-in's that was photographed a minute ago", Attack.STOLEN, _ago(61, activity=""), "CODE_EXPIRED"),
    ("over since a minute", Attack.EXPIRED, _ago(120), "CODE_EXPIRED"),
    ("not begun", Attack.EXPIRED, _ago(-300), "CODE_EXPIRED"),
    ("a walk-in's that lives for an hour", Attack.EXPIRED, lambda desk: desk.signed(desk.good(activity="")),
     "CODE_INVALID"),
    ("good but for another name in it", Attack.CHANGED_BODY, _altered, "CODE_INVALID"),
    ("of a person of HOME, signed by another committee", Attack.ANOTHERS,
     lambda desk: desk.signed(desk.good(person=f"{HOME}.person.{'0' * 31}1")), "CODE_INVALID"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("make", "expected"),
    [pytest.param(make, expected, id=name, marks=tries(C, attack)) for name, attack, make, expected in BAD],
)
async def test_a_desk_takes_no_code_that_is(desk: Desk, make: Callable[[Desk], str], expected: str) -> None:
    await desk.refuses(make(desk), expected)


@tries(C, Attack.REPLAYED)
async def test_a_code_is_taken_once(desk: Desk) -> None:
    text = desk.signed(desk.good())
    assert await desk.shown(text) == ""
    await desk.refuses(text, "CODE_USED")


@tries(C, Attack.SUSPENDED)
async def test_a_code_of_a_committee_that_was_suspended_is_worth_nothing(desk: Desk) -> None:
    await desk.scene.learn(_330411={"state": "SUSPENDED"})
    await desk.refuses(desk.signed(desk.good()), "CODE_INVALID")


@tries(C, Attack.EXPIRED)
@pytest.mark.parametrize("in_force", [{"exp": -60}, {"nbf": 60}], ids=["has ended", "has not begun"])
async def test_a_code_by_a_key_whose_time_it_is_not_is_worth_nothing(desk: Desk, in_force: dict[str, int]) -> None:
    scene, now = desk.scene, int(desk.scene.clock().timestamp())
    keys = scene.keys[NEIGHBOUR].public()
    times = {name: now + seconds for name, seconds in in_force.items()}
    await scene.learn(_330411={"keys": keys | {"code": [each | times for each in keys["code"]]}})
    await desk.refuses(desk.signed(desk.good()), "CODE_INVALID")


@tries(C, Attack.STOLEN)
@tries(C, Attack.ROLLED_BACK)
async def test_a_code_by_a_stolen_key_that_was_replaced_stays_void_under_an_older_directory(desk: Desk) -> None:
    older, scene = desk.scene.hub.text, desk.scene
    keys = scene.keys[NEIGHBOUR].public() | {"code": [jose.public(jose.new_key())]}
    await scene.learn(_330411={"keys": keys})
    text = desk.signed(desk.good())
    await desk.refuses(text, "CODE_INVALID")
    async with scene.nothing_changes(besides=["alarm"]):
        await scene.hand_out(older)
    await desk.refuses(text, "CODE_INVALID")
