"""The roster's way in and out over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.testclient import TestClient

from sync.contract.errors import Code
from sync.contract.trust.directory import Directory
from tenant_service.identity import accounts, sessions
from tenant_service.identity.accounts import Draft
from tenant_service.identity.actor import Actor, nobody
from tenant_service.identity.callers import Callers, cookie_name
from tenant_service.identity.policy import Role
from tenant_service.identity.sessions import Lifetimes
from tenant_service.roster import pages
from tenant_service.roster import service as roster_service
from tenant_service.roster.pages import Deps
from tenant_service.spreadsheets import grids
from tenant_service.storage.engine import Domain
from tenant_service.storage.unit_of_work import Units
from tenant_service.web import home
from tenant_service.web.site import Site
from tests.tenant_service import places
from tests.tenant_service.members.office import everything
from tests.tenant_service.roster.files import csv, xlsx
from tests.tenant_service.services import SERVICES

ROWS = [
    ["嘉善县政协委员名册", "", "", "", "", "", ""],
    ["姓名", "编号", "出生年月", "界别", "职务", "联系电话", "标签"],
    ["张　三", "1", "1968.05", "经济界", "常委", "8400000", "法律、科技"],
    ["李四", "2", "1970.11", "教育界", "委员", "+86 8400001", ""],
    ["王五", "3", "1970", "教育界", "委员", "=1+1", ""],
]


class Desk:
    """A browser of the office; `actor` is who sits there."""

    def __init__(self, domain: Domain, units: Units, actor: Actor) -> None:
        self.domain, self.actor, self.known = domain, actor, set[str]()
        self._domain, self._units = domain, units
        deps = Deps(domain, units, self._actor_of, lambda _session, ids: bool(self.known & set(ids)))
        self._app = Starlette(routes=pages.routes(deps))

    def most_rows(self, most: int) -> None:
        """So many rows an account may take out in a day."""
        deps = Deps(self._domain, self._units, self._actor_of, most_rows=most)
        self._app = Starlette(routes=pages.routes(deps))

    async def _actor_of(self, _request: Request) -> Actor:
        return self.actor

    async def ask(self, method: str, path: str, **more: Any) -> httpx2.Response:
        transport = httpx2.ASGITransport(self._app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://committee") as client:
            return await client.request(method, path, timeout=60, **more)

    async def send(self, data: bytes, name: str = "名册.xlsx") -> httpx2.Response:
        return await self.ask("POST", pages.AT, files={"file": (name, data)})

    async def previewed(self, data: bytes) -> dict[str, Any]:
        answer = await self.send(data)
        assert answer.status_code == 201, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def apply(self, told: dict[str, Any]) -> httpx2.Response:
        return await self.ask("POST", f"{pages.AT}/{told['id']}/apply", data={"digest": told["digest"]})


@pytest_asyncio.fixture
async def desk(engine: Engine, units: Units, clerk: Actor) -> AsyncIterator[Desk]:
    domain = Domain(engine)
    yield Desk(domain, units, clerk)
    domain.close()


def code(answer: httpx2.Response) -> str:
    told = answer.json()["error"]
    assert told["zh"]
    assert told["en"]
    return str(told["code"])


@pytest.mark.asyncio
async def test_a_roster_is_uploaded_looked_at_applied_and_taken_back(desk: Desk) -> None:
    told = await desk.previewed(xlsx(ROWS))
    assert (told["counts"], told["total"]) == ({"NEW": 2, "UPDATED": 0, "UNCHANGED": 0, "ERROR": 1}, 3)
    assert [(row["number"], row["name"], row["verdict"]) for row in told["rows"]] == [
        (3, "张三", "NEW"), (4, "李四", "NEW"), (5, "王五", "ERROR"),
    ]  # fmt: skip
    assert told["rows"][0]["changes"]["about"]["birth_month"] == "1968-05"
    assert "缺月份" in told["rows"][2]["reason"]
    done = await desk.apply(told)
    assert (done.status_code, done.json()["state"], done.json()["open"]) == (200, "APPLIED", 0)
    assert [row["name"] for row in done.json()["rows"]] == ["王五"], "what did not go in"
    assert code(await desk.apply(told)) == Code.OUT_OF_TURN
    again = await desk.previewed(xlsx(ROWS))
    assert again["counts"] == {"NEW": 0, "UPDATED": 0, "UNCHANGED": 2, "ERROR": 1}
    back = await desk.ask("POST", f"{pages.AT}/{told['id']}/undo")
    assert (back.status_code, back.json()["state"]) == (200, "UNDONE")
    assert (await desk.previewed(xlsx(ROWS)))["counts"]["NEW"] == 2
    listed = (await desk.ask("GET", pages.AT)).json()
    assert [each["state"] for each in listed] == ["PREVIEWED", "PREVIEWED", "UNDONE"]


@pytest.mark.asyncio
async def test_rows_of_a_preview_are_looked_at_page_by_page(desk: Desk) -> None:
    rows = [["姓名", "编号"], *([f"张{chr(0x4E00 + n)}", str(n)] for n in range(250))]
    told = await desk.previewed(csv(rows, "gb18030"))
    assert (len(told["rows"]), told["next"]) == (200, 201)
    more = (await desk.ask("GET", f"{pages.AT}/{told['id']}?after={told['next']}")).json()
    assert (len(more["rows"]), more["next"]) == (50, None)
    errors = (await desk.ask("GET", f"{pages.AT}/{told['id']}?verdict=ERROR")).json()
    assert errors["rows"] == []
    assert code(await desk.ask("GET", f"{pages.AT}/{told['id']}?after=x")) == Code.BAD_VALUE


@pytest.mark.asyncio
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
async def test_bad_rows_come_back_with_their_reason(desk: Desk, ending: str) -> None:
    told = await desk.previewed(xlsx(ROWS))
    file = await desk.ask("GET", f"{pages.AT}/{told['id']}/refused.{ending}")
    assert "attachment" in file.headers["content-disposition"]
    heads, row = grids.read(file.content)[0].rows
    assert heads == [*ROWS[1], "原因"]
    assert row[:2] == ["王五", "3"]
    assert "缺月份" in str(row[-1])
    if ending == "csv":
        assert file.content.startswith("\ufeff姓名".encode())
        assert "'=1+1" in file.text, "a spreadsheet must not run what stands in a cell"


@pytest.mark.asyncio
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
async def test_what_is_exported_can_be_imported_and_changes_nothing(desk: Desk, ending: str) -> None:
    await desk.apply(await desk.previewed(xlsx(ROWS)))
    file = await desk.ask("GET", f"/members/export.{ending}?purpose=ROSTER")
    heads, *rows = grids.read(file.content)[0].rows
    assert heads[:3] == ["编号", "姓名", "性别"]
    assert [row[1] for row in rows] == ["张三", "李四"]
    assert (await desk.previewed(file.content))["counts"] == {"NEW": 0, "UPDATED": 0, "UNCHANGED": 2, "ERROR": 0}


@pytest.mark.asyncio
async def test_an_import_whose_people_are_known_elsewhere_is_not_taken_back(desk: Desk, engine: Engine) -> None:
    told = await desk.previewed(xlsx(ROWS))
    await desk.apply(told)
    with engine.connect() as connection:
        desk.known = set(connection.exec_driver_sql("SELECT id FROM person").scalars())
    before = everything(engine)
    assert code(await desk.ask("POST", f"{pages.AT}/{told['id']}/undo")) == Code.ROSTER_USED
    assert everything(engine) == before


@pytest.mark.asyncio
async def test_what_cannot_be_read_is_refused_and_leaves_no_trace(desk: Desk, engine: Engine) -> None:
    before = everything(engine)
    assert code(await desk.send(b"\xff\xfe\x00")) == Code.ROSTER_UNREADABLE
    assert code(await desk.send(xlsx([["名单"], ["张三"]]))) == Code.ROSTER_NO_HEADER
    large = await desk.send(b"x" * (grids.MOST_BYTES + 100_000))
    assert (large.status_code, code(large)) == (429, Code.TOO_LARGE)
    assert code(await desk.ask("POST", pages.AT, data={"file": "no file"})) == Code.BAD_REQUEST
    assert code(await desk.ask("POST", pages.AT, content=b"--x", headers={
        "content-type": "multipart/form-data; boundary=y"})) == Code.BAD_REQUEST  # fmt: skip
    assert everything(engine) == before


@pytest.mark.asyncio
async def test_only_the_office_comes_to_the_desk(desk: Desk, engine: Engine) -> None:
    told = await desk.previewed(xlsx(ROWS))
    at, before = f"{pages.AT}/{told['id']}", everything(engine)
    paths = [("POST", pages.AT), ("GET", pages.AT), ("GET", at), ("POST", f"{at}/apply"), ("POST", f"{at}/undo"),
             ("GET", f"{at}/refused.csv"), ("GET", "/members/export.csv")]  # fmt: skip
    for actor, said in (
        (nobody(places.JIASHAN), (401, Code.NOT_SIGNED_IN)),
        (places.staff(places.JIASHAN, Role.MEMBER), (403, Code.FORBIDDEN)),
        (places.stranger(places.JIASHAN, places.QINGPU, Role.CLERK), (403, Code.FORBIDDEN)),
    ):
        desk.actor = actor
        for method, path in paths:
            answer = await desk.ask(method, path)
            assert (answer.status_code, code(answer)) == said, path
    assert everything(engine) == before


@pytest.mark.asyncio
async def test_what_is_not_there_is_not_found(desk: Desk) -> None:
    told = await desk.previewed(xlsx(ROWS))
    for method, path in (
        ("GET", f"{pages.AT}/{'0' * 32}"), ("POST", f"{pages.AT}/{'0' * 32}/apply"),
        ("GET", f"{pages.AT}/{told['id']}/refused.exe"), ("GET", "/members/export.exe"),
    ):  # fmt: skip
        assert code(await desk.ask(method, path)) == Code.NOT_FOUND


@pytest.mark.asyncio
async def test_a_long_roster_lets_others_work_between_its_slices(desk: Desk) -> None:
    count = roster_service.SLICE * 8
    rows = [["姓名", "编号"], *([f"张{chr(0x4E00 + n)}", str(n)] for n in range(count))]
    going = asyncio.create_task(desk.previewed(csv(rows)))
    served = 0
    while not going.done():
        await desk.domain.run(lambda: None)
        served += 1
    assert (await going)["total"] == count
    assert served >= 8, "others waited for a slice, not for the whole file"


def test_whoever_signed_in_at_the_site_has_the_desk_and_accounts_hold_their_people(
    units: Units, engine: Engine, directory: Directory, clock: places.Clock
) -> None:
    domain = Domain(engine)
    callers = Callers(places.JIASHAN, units, lambda: directory, clock, Lifetimes())
    cookie = cookie_name(places.JIASHAN, is_https=False)
    rooms = (pages.PAGES,)
    site = Site(places.JIASHAN, home.pages_of(rooms, clock=clock), domain, units, callers, cookie, rooms, SERVICES)
    client = TestClient(Starlette(routes=home.routes(site)))

    def sign_up(name: str, role: Role, person: str | None = None) -> str:
        draft = Draft(name, name, frozenset({role}), person)
        with units.write() as unit:
            account = accounts.create(unit, accounts.founder(places.JIASHAN), draft, "no password", must_change=False)
            return sessions.begin(unit, account.id)

    assert client.get(pages.AT).json()["error"]["code"] == Code.NOT_SIGNED_IN
    client.cookies.set(cookie, sign_up("clerk", Role.CLERK))
    told = client.post(pages.AT, files={"file": ("x.xlsx", xlsx(ROWS))}).json()
    client.post(f"{pages.AT}/{told['id']}/apply", data={"digest": told["digest"]})
    with engine.connect() as connection:
        person = connection.exec_driver_sql("SELECT id FROM person WHERE name = '张三'").scalar_one()
    sign_up("zhang", Role.MEMBER, person)
    assert client.post(f"{pages.AT}/{told['id']}/undo").json()["error"]["code"] == Code.ROSTER_USED
    domain.close()


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("query", "expected"),
    [("", Code.PURPOSE_NEEDED), ("?purpose=FUN", Code.PURPOSE_NEEDED), ("?purpose=OTHER", Code.NEEDS_REASON)],
)
async def test_no_roster_leaves_without_its_purpose(desk: Desk, engine: Engine, query: str, expected: Code) -> None:
    await desk.apply(await desk.previewed(xlsx(ROWS)))
    before = everything(engine)
    assert code(await desk.ask("GET", f"/members/export.csv{query}")) == expected
    assert everything(engine) == before


@pytest.mark.asyncio
async def test_what_a_roster_was_taken_out_for_stands_in_the_log(desk: Desk, engine: Engine) -> None:
    await desk.apply(await desk.previewed(xlsx(ROWS)))
    await desk.ask("GET", "/members/export.csv?purpose=MEETING")
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT act, purpose, rows FROM disclosure").all()
    assert [tuple(row) for row in rows] == [("members.export", "MEETING", 2)]


@pytest.mark.asyncio
async def test_an_export_beyond_the_days_rows_is_refused(desk: Desk, engine: Engine) -> None:
    await desk.apply(await desk.previewed(xlsx(ROWS)))
    desk.most_rows(1)
    before = everything(engine)
    assert code(await desk.ask("GET", "/members/export.csv?purpose=MEETING")) == Code.QUOTA_REACHED
    assert everything(engine) == before
