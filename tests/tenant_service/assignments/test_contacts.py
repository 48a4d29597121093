"""A department's contact reaches what is assigned to its body, and nothing else at any address: tested by trying."""

import re
from collections.abc import Callable, Iterator, Sequence

import orjson
import pytest

from sync.contract.channels import Scope, Share
from sync.contract.ids import kind_of
from sync.edge.body import Asked
from tenant_service.assignments.rules import Part
from tenant_service.graph.context import Context
from tenant_service.identity.actor import Actor, nobody
from tenant_service.identity.policy import Role
from tests.tenant_service import places
from tests.tenant_service.assignments.office import ASSIST, LEAD, Office
from tests.tenant_service.browsing import Browser
from tests.tenant_service.schema_walk import walking
from tests.tenant_service.schema_walk.canaries import Kept
from tests.tenant_service.schema_walk.test_strangers import EXECUTOR
from tests.tenant_service.services import SERVICES

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
_ID = re.compile(r'"id":"(\d{6}\.[a-z_]+\.[0-9a-f]{32})"')
"""Of a record that came back; an item also names the list that it stands on, which opens nothing."""


def reached(office: Office, actor: Actor, *ids: str) -> set[str]:
    """Ids of records that come back whatever is asked: every root, every list, search, and `node` of each of these."""
    found: set[str] = set()
    for name, asked in (*walking.documents("query", kept_of(ids)), *_searches()):
        body = EXECUTOR.perform(
            asked, Context(actor, office.units, office.supervision.directory, SERVICES)
        ).body  # fmt: skip
        data = orjson.loads(body).get("data") or {}
        found |= {id for id in _ID.findall(orjson.dumps(data).decode()) if name != "viewer"}
    return found


def kept_of(ids: Sequence[str]) -> Kept:
    """These records, as the walk of the schema asks for them; what it needs beside them is nobody's."""
    kept = Kept(channels=dict.fromkeys(ids, frozenset()))
    for id in ids:
        kept.ids.setdefault(kind_of(id), []).append(id)
    for kind in ("activity", "person"):
        kept.ids[kind] = [f"{places.JIASHAN}.{kind}.{'0' * 32}"]
    return kept


def _searches() -> Iterator[tuple[str, Asked]]:
    for words in ("路灯", "住建局", "交通局", "监督", "不全"):
        yield "search", Asked(f'{{ search(text: "{words}", first: 50) {{ nodes {{ id }} }} }}', {})


@pytest.fixture
def theirs(office: Office) -> tuple[list[str], list[str]]:
    """What is assigned to the bureau, and what is not: two lists with an item each, one of them open to anybody."""
    campaign = office.campaign()
    item = office.agreed(campaign)
    mine = office.assigned(item, Part(office.bureau, LEAD), Part(office.roads, ASSIST))
    other = office.agreed(campaign, Share(Scope.OPEN))
    [foreign] = office.assigned(other, Part(office.roads, LEAD))
    waiting = office.agreed(campaign)
    forwarded = office.forwarded(waiting)
    return [item, mine[0]], [campaign, mine[1], other, foreign, waiting, forwarded, office.proposed(campaign)]


def test_no_question_brings_a_contact_more_than_its_own(office: Office, theirs: tuple[list[str], list[str]]) -> None:
    own, others = theirs
    every = (*own, *others)
    bodies = {office.desk, office.bureau, office.roads}
    assert set(every) <= reached(office, office.clerk, *every), "the office is asked alike, so the walk sees something"
    assert reached(office, office.contact, *every) - bodies == set(own)
    assert reached(office, places.staff(places.JIASHAN, Role.DEPARTMENT), *every) == set()
    desk = reached(office, office.coordinator, *every) - bodies
    assert desk == set(every) - {others[0], others[-1]}, "the 交办单位 has all that was forwarded to it"
    assert reached(office, nobody(places.JIASHAN), *every) - bodies == {others[2], others[3]}


def test_no_address_opens_a_contact_more_than_its_own(
    office: Office, theirs: tuple[list[str], list[str]], anybody: Callable[..., Browser], site: object
) -> None:
    (item, mine), (campaign, beside, other, foreign, waiting, forwarded, proposed) = theirs
    browser = anybody(Role.DEPARTMENT, body=office.bureau)
    assert browser.go("/").tile("待签收") == 1
    assert browser.go(f"/assignments/{mine}").status == 200
    assert "住建局" in browser.text
    assert "交通局" in browser.text, "who assists is told to who leads"
    assert browser.go(f"/items/{item}").status == 200
    for path in (
        f"/supervision/{campaign}", f"/items/of/{campaign}", f"/items/of/{campaign}/results.csv", f"/items/{other}",
        f"/items/{waiting}", f"/items/{proposed}", f"/items/{item}/redraft", f"/items/{item}/share",
        f"/assignments/{beside}", f"/assignments/{foreign}", f"/assignments/{forwarded}", f"/files/of/{foreign}",
        f"/files/of/{beside}",
    ):  # fmt: skip
        assert browser.go(path).status in (403, 404), path
        assert "路灯" not in browser.text, path
    for path in ("/items", "/items.csv", "/assignments", "/assignments.csv", "/assignments?box=forwarded"):
        told = browser.go(path)
        assert told.status == 200
        assert "交通局" not in told.text, path
        assert len(re.findall("在惠通村主干道加装路灯", told.text)) <= 1, path


OF_ONESELF = {"readAllNotifications", "chooseNotification", "reachMe"}
"""What everybody who signs in does with their own inbox."""


def test_no_act_of_a_contact_does_anything_to_what_is_another_bodys(
    office: Office, theirs: tuple[list[str], list[str]]
) -> None:
    own, others = theirs
    every = (*own, *others)
    shown = [each for each in every if ".campaign." not in each]
    before = office.stands(*shown)
    for name, asked in walking.documents("mutation", kept_of(others)):
        if name == "readAllNotifications":
            continue  # of one's own, which are none here
        for who in (office.contact, places.staff(places.JIASHAN, Role.DEPARTMENT)):
            context = Context(who, office.units, office.supervision.directory, SERVICES)
            answer = orjson.loads(EXECUTOR.perform(asked, context).body)
            if name in OF_ONESELF:
                continue
            assert answer.get("data") is None, name
            assert answer["errors"][0]["extensions"]["code"] != "INTERNAL", name
    assert office.stands(*shown) == before
