"""Every door at which somebody may come to a record of ours, and what is found behind each."""

from collections.abc import Callable, Mapping

import orjson

from sync.contract.asking.changes import ChangesAsk
from sync.contract.errors import Refusal
from sync.edge.body import Asked
from sync.edge.budget import Limits
from tenant_service import rooms
from tenant_service.graph.context import Context
from tenant_service.graph.operation import Executor
from tenant_service.graphql import schema
from tenant_service.identity.actor import Actor
from tenant_service.listening import told
from tenant_service.listening.veil import Veil
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.browsing import Browser
from tests.tenant_service.reach.rows import WORD
from tests.tenant_service.services import services

Ids = Mapping[str, Mapping[str, str]]
"""Kind → name → id."""
Found = set[tuple[str, str]]
"""Kind and name of each record that is shown."""
WIDE = Limits(depth=40, fields=10**6, aliases=10**6, cost=10**12, tokens=10**6, repeated=10**6)
EXECUTOR = Executor(schema, WIDE)
PARTS = services(personal_rows_per_day=10**9)
LISTS = {
    "topic": "topics", "campaign": "campaigns", "appraisal": "appraisals", "item": "items", "assignment": "assignments",
    "call": "calls", "activity": "activities", "procedure": "procedures", "venue": "venues", "unit": "units",
    "report": "reports", "proposal": "proposals", "post": "posts", "recognition": "recognitions",
    "programme": "programmes", "form": "forms",
}  # fmt: skip
PAGES = LISTS | {"campaign": "supervision"}
"""Kind → where its list is on the site; a unit has no page."""
del PAGES["unit"]


def _asked(units: Units, actor: Actor, text: str) -> dict[str, object]:
    body = EXECUTOR.perform(Asked(text, {}), Context(actor, units, places.directory(), PARTS)).body
    answer = orjson.loads(body)
    assert all(each["extensions"]["code"] != "INTERNAL" for each in answer.get("errors", ())), answer
    return answer.get("data") or {}


def in_lists(units: Units, actor: Actor, ids: Ids) -> Found:
    asked = " ".join(f"{kind}: {name}(first: 50) {{ nodes {{ id }} }}" for kind, name in LISTS.items())
    return _named(ids, {row["id"] for each in _asked(units, actor, f"{{ {asked} }}").values() for row in each["nodes"]})  # type: ignore[index]


def _one_by_one(units: Units, actor: Actor, ids: Ids, field: Callable[[str, str], str | None]) -> Found:
    asked = {(kind, name): told for kind, of in ids.items() for name, id in of.items() if (told := field(kind, id))}
    keys = {f"a{at}": key for at, key in enumerate(asked)}
    data = _asked(units, actor, "{ " + " ".join(f"{at}: {asked[key]}" for at, key in keys.items()) + " }")
    return {keys[at] for at, found in data.items() if found}


def by_kind(units: Units, actor: Actor, ids: Ids) -> Found:
    return _one_by_one(units, actor, ids, lambda kind, id: f'{kind}(id: "{id}") {{ id }}' if kind in LISTS else None)


def by_node(units: Units, actor: Actor, ids: Ids) -> Found:
    return _one_by_one(units, actor, ids, lambda _kind, id: f'node(id: "{id}") {{ id }}')


def by_files(units: Units, actor: Actor, ids: Ids) -> Found:
    return _one_by_one(
        units, actor, ids, lambda kind, id: f'files(of: "{id}") {{ id }}' if kind in rooms.OPENS else None
    )


def by_search(units: Units, actor: Actor, ids: Ids) -> Found:
    found = _asked(units, actor, f'{{ search(text: "{WORD}", first: 100) {{ nodes {{ id }} }} }}')
    return _named(ids, {row["id"] for row in found["search"]["nodes"]})  # type: ignore[index]


def by_change(units: Units, actor: Actor, ids: Ids) -> Found:
    """What a record that somebody listens to is said to be: there, or gone."""
    every = [id for of in ids.values() for id in of.values()]
    with units.read() as unit:
        try:
            heard, _ = told.look(unit.session, actor, ChangesAsk(ids=every), Veil(b""))
        except Refusal:
            return set()
    return _named(ids, {each.id for each in heard.changes if not each.is_gone})


def on_pages(browser: Browser, ids: Ids) -> Found:
    return {
        (kind, name) for kind, at in PAGES.items() for name, id in ids[kind].items()
        if browser.go(f"/{at}/{id}").status == 200
    }  # fmt: skip


def in_listings(browser: Browser, ids: Ids) -> Found:
    return _written(ids, {kind: browser.go(f"/{at}?size=100").text for kind, at in PAGES.items()})


def in_exports(browser: Browser, ids: Ids) -> Found:
    return _written(ids, {kind: browser.go(f"/{at}.csv").text for kind, at in PAGES.items()})


def _written(ids: Ids, texts: Mapping[str, str]) -> Found:
    return {(kind, name) for kind, text in texts.items() for name in ids[kind] if f"〔{kind}-{name}〕" in text}


def _named(ids: Ids, shown: set[str]) -> Found:
    return {(kind, name) for kind, of in ids.items() for name, id in of.items() if id in shown}
