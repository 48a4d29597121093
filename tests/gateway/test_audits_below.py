"""A city's auditor reads the log of a county that left its audit to the city: through a gateway, at real committees, on
the console's pages; and that is noted at both.
"""

import asyncio
import datetime as dt
import io
import json
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx2
import nats
import pytest
import uuid_utils
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from gateway.app import Parts, assemble
from gateway.console import audit_pages
from gateway.console.pages import console_of, site, templates
from gateway.identity.callers import Caller
from gateway.settings import Settings
from sync.bus.answerer import Answerer
from sync.contract import jose
from sync.contract.levels import Level
from sync.contract.trust.directory import Contents, Directory, Listed
from sync.contract.trust.tokens import FEDERATION, Claims, issued
from sync.edge.body import Asked
from tenant_service.auditing.models import HeardConsentRow, HeardHeadRow
from tenant_service.auditing.rules import Standing
from tenant_service.committee import Committee, open_committee
from tenant_service.identity import accounts, audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.audit_log import consents
from tenant_service.identity.keys import keys_in
from tenant_service.identity.models import AuditRow
from tenant_service.identity.policy import Role
from tenant_service.rpc_server import TOO_LARGE
from tenant_service.settings import Settings as CommitteeSettings
from tests.directories import signed
from tests.gateway.federation import hub, known
from tests.gateway.test_real_committees import JOINT_SDL
from tests.migrated import migrated

GATEWAY, CITY, COUNTY, SISTER, ALONE = "gateway-330100", "330100", "330102", "330110", "310118"
LOG = f'{{ auditLog(id: "{COUNTY}") {{ act iss sub }} }}'
CHECK = f'{{ auditCheck(id: "{COUNTY}") {{ entries fault }} }}'
PLACES = {
    CITY: ("杭州市政协", None),
    COUNTY: ("上城区政协", CITY),
    SISTER: ("余杭区政协", CITY),
    ALONE: ("青浦区政协", None),
}


class Town:
    """A city, two counties below it and one elsewhere, all answering; a gateway over them, and its console."""

    def __init__(self, folder: Path, url: str) -> None:
        self.url, self.key, root = url, jose.new_key(), jose.new_key()
        entries = [
            Listed(
                id=id, name=name, short_name=name[:2], parent=parent, keys=keys_in(folder / id).public(),
                level=Level.CITY if id == CITY else Level.COUNTY,
            )
            for id, (name, parent) in PLACES.items()
        ]  # fmt: skip
        entries.append(Listed(id=GATEWAY, kind="gateway", name="网关", keys={"request": [jose.public(self.key)]}))
        contents = Contents(serial=1, issued_at=0, expires_at=2**40, entries=entries)
        (folder / "directory.jws").write_text(signed(contents, root))
        (folder / "root.jwk").write_text(json.dumps(jose.public(root)))
        self.folder, self.directory = folder, Directory(contents)
        self.of = {id: self._opened(id) for id in PLACES}
        self.lines: dict[str, Answerer] = {}

    def _opened(self, id: str) -> Committee:
        return open_committee(
            CommitteeSettings(
                committee=id, database=migrated(self.folder / f"{id}.db"), directory=self.folder / "directory.jws",
                root=self.folder / "root.jwk", keys=self.folder / id,
            )
        )  # fmt: skip

    async def serve(self, stack: AsyncExitStack) -> None:
        for id, committee in self.of.items():
            stack.callback(committee.close)
            connection = await nats.connect(self.url)
            stack.push_async_callback(connection.close)
            self.lines[id] = await Answerer(connection, id, committee.rpc, TOO_LARGE).open()
            await known(connection)
        connection = await nats.connect(self.url)
        stack.push_async_callback(connection.close)
        chosen = Settings(id=GATEWAY, hub="", credentials=Path(), key=Path(), secure_cookies=False)
        self.parts: Parts = assemble(chosen, lambda: self.directory, connection, self.key, sdl=JOINT_SDL)
        await self.parts.asker.open()

    def hire(self, home: str, *roles: Role) -> Caller:
        """An account there, as the gateway knows it after signing in."""
        with self.of[home].units.write() as unit:
            draft = accounts.Draft(uuid_utils.uuid7().hex, "某人", frozenset(roles))
            account = accounts.create(unit, accounts.founder(home), draft, "no password", must_change=False)
        now = int(dt.datetime.now(dt.UTC).timestamp())
        claims = Claims(
            iss=home, sub=account.id, roles=[*roles], aud=[FEDERATION], iat=now + 2, exp=now + 600,
            jti=uuid_utils.uuid7().hex, cnf=jose.thumbprint(self.key),
        )  # fmt: skip
        return Caller(issued(claims, self.of[home].keys.token), claims)

    def acts(self, of: str) -> list[tuple[str, str, str]]:
        with self.of[of].units.read() as unit:
            rows = unit.session.scalars(
                select(AuditRow).where(AuditRow.act.startswith("audit.")).order_by(AuditRow.seq)
            )
            return [(row.iss, row.act, row.subject) for row in rows]

    def consent(self, county: str = COUNTY) -> None:
        """It is given, and the city has heard of it."""
        with self.of[county].units.write() as unit:
            consents.give(unit, _security(county), CITY, "本会暂无人选")
        with self.of[CITY].units.write() as unit:
            id = f"{county}.audit_consent.1"
            unit.session.add(HeardConsentRow(id=id, committee_id=county, given_at=unit.now, heard_at=unit.now))

    def withdraw(self, county: str = COUNTY) -> None:
        """The city has not heard of it."""
        with self.of[county].units.write() as unit:
            consents.withdraw(unit, _security(county), "已有人选，收回")

    def head(self, county: str, standing: Standing, broken_at: int | None = None) -> None:
        with self.of[CITY].units.write() as unit:
            unit.session.add(
                HeardHeadRow(
                    committee_id=county, month="2026-11", seq=40, chain="ab", signed_at=unit.now, heard_at=unit.now,
                    last_at=unit.now, proof="x", standing=standing, broken_at=broken_at,
                )
            )  # fmt: skip

    def fill(self, count: int) -> None:
        """So many entries of the county's clerk."""
        clerk = Actor(COUNTY, COUNTY, "clerk", roles=frozenset({Role.CLERK}))
        with self.of[COUNTY].units.write() as unit:
            for n in range(count):
                audit.note(unit, clerk, "venue.change", f"{COUNTY}.venue.{n:05}")


def _security(committee: str) -> Actor:
    return Actor(committee, committee, "sec", roles=frozenset({Role.SECURITY_ADMIN}))


@pytest.fixture
def town(runner: asyncio.Runner, tmp_path: Path) -> Iterator[Town]:
    async def opened() -> tuple[AsyncExitStack, Town]:
        stack = AsyncExitStack()
        made = Town(tmp_path, await stack.enter_async_context(hub()))
        await made.serve(stack)
        return stack, made

    stack, made = runner.run(opened())
    yield made
    runner.run(stack.aclose())


@pytest.fixture
def auditor(town: Town) -> Caller:
    return town.hire(CITY, Role.AUDIT_ADMIN)


@pytest.fixture
def get(town: Town, runner: asyncio.Runner) -> Callable[..., httpx2.Response]:
    """What somebody's browser is shown at the console."""
    pages = site(console_of(town.parts, templates(), lambda: dt.datetime.now(dt.UTC).timestamp(), title="驾驶舱"))

    def got(path: str, caller: Caller, method: str = "GET", **headers: str) -> httpx2.Response:
        async def ask() -> httpx2.Response:
            async with httpx2.AsyncClient(
                transport=httpx2.ASGITransport(app=pages), base_url="http://gateway.example", timeout=60,
                cookies={town.parts.cookie: town.parts.sessions.open(caller.token)},
            ) as client:  # fmt: skip
                return await client.request(method, path, headers=headers)

        return runner.run(ask())

    return got


Get = Callable[..., httpx2.Response]


def asked(town: Town, runner: asyncio.Runner, text: str, caller: Caller) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(runner.run(town.parts.gateway.answer(Asked(text, {}), caller)).body)
    return told


def refused(town: Town, runner: asyncio.Runner, text: str, caller: Caller) -> str:
    """The code; nothing is told and the county has noted nothing."""
    before = town.acts(COUNTY)
    told = asked(town, runner, text, caller)
    assert not any((told.get("data") or {}).values()), told
    assert town.acts(COUNTY) == before
    return str(told["errors"][0]["extensions"]["code"])


def test_through_a_gateway_the_parents_auditor_reads_and_verifies_while_the_consent_is_in_force(
    town: Town, runner: asyncio.Runner, auditor: Caller
) -> None:
    for text in (LOG, CHECK):
        assert refused(town, runner, text, auditor) == "FORBIDDEN"
    town.consent()
    told = asked(town, runner, LOG, auditor)
    assert [each["act"] for each in told["data"]["auditLog"]] == ["audit.consent"]
    assert asked(town, runner, CHECK, auditor)["data"]["auditCheck"]["fault"] is None
    assert town.acts(COUNTY)[1:] == [(CITY, "audit.look", COUNTY), (CITY, "audit.verify", COUNTY)]
    town.withdraw()
    for text in (LOG, CHECK):
        assert refused(town, runner, text, auditor) == "FORBIDDEN"


def test_through_a_gateway_nobody_else_reads_it(town: Town, runner: asyncio.Runner) -> None:
    town.consent()
    for home, role in (
        (CITY, Role.SYSTEM_ADMIN),
        (CITY, Role.CHAIR),
        (SISTER, Role.AUDIT_ADMIN),
        (ALONE, Role.AUDIT_ADMIN),
    ):
        assert refused(town, runner, LOG, town.hire(home, role)) == "FORBIDDEN"
    assert refused(town, runner, LOG, Caller()) in ("FORBIDDEN", "NOT_SIGNED_IN")


def test_a_gateway_with_whom_the_county_is_away_says_so(town: Town, runner: asyncio.Runner, auditor: Caller) -> None:
    town.consent()
    runner.run(town.lines[COUNTY].close())
    assert refused(town, runner, LOG, auditor) == "AWAY"


def test_the_list_says_how_each_log_below_stands_and_leads_to_those_left_to_us(
    town: Town, auditor: Caller, get: Get
) -> None:
    page = get("/audit", auditor)
    assert page.status_code == 200
    assert page.text.count("逾期未报") == 2
    assert "从未收到" in page.text
    assert "目前没有下级政协委托本会审计" in page.text
    assert "青浦" not in page.text
    town.head(COUNTY, Standing.FIRST)
    town.head(SISTER, Standing.NOT_WHOLE, 7)
    town.consent()
    page = get("/audit", auditor)
    assert "自报有缺失（第 7 条起）" in page.text
    assert f'href="/audit/{COUNTY}"' in page.text
    assert f'href="/audit/{SISTER}"' not in page.text
    assert 'href="/audit"' in get("/health", auditor).text
    assert town.acts(CITY) == [], "no log was looked through"


def test_an_empty_list_is_said(town: Town, get: Get) -> None:
    assert "目录中没有本会的下级政协" in get("/audit", town.hire(SISTER, Role.AUDIT_ADMIN)).text


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN])
def test_the_other_two_administrators_see_the_list_and_no_log(town: Town, get: Get, role: Role) -> None:
    town.consent()
    caller = town.hire(CITY, role)
    page = get("/audit", caller)
    assert "日志由本会审计管理员查看" in page.text
    assert f'href="/audit/{COUNTY}"' not in page.text
    before = town.acts(CITY), town.acts(COUNTY)
    for path in (f"/audit/{COUNTY}", f"/audit/{COUNTY}.csv"):
        assert get(path, caller).status_code == 403
    assert (town.acts(CITY), town.acts(COUNTY)) == before


@pytest.mark.parametrize("role", [Role.CLERK, Role.SECRETARY, Role.CHAIR, Role.MEMBER])
def test_nobody_else_sees_either(town: Town, get: Get, role: Role) -> None:
    town.consent()
    caller = town.hire(CITY, role)
    before = town.acts(CITY), town.acts(COUNTY)
    for path in ("/audit", f"/audit/{COUNTY}", f"/audit/{COUNTY}.xlsx"):
        assert get(path, caller).status_code == 403
    assert 'href="/audit"' not in get("/health", caller).text
    assert (town.acts(CITY), town.acts(COUNTY)) == before


def test_looking_is_noted_at_both(town: Town, auditor: Caller, get: Get) -> None:
    town.consent()
    town.fill(3)
    page = get(f"/audit/{COUNTY}", auditor)
    assert page.status_code == 200
    assert "阵地 · venue.change" in page.text
    assert "某人" not in page.text.partition("<tbody>")[2]
    assert town.acts(CITY) == [(CITY, "audit.look_below", COUNTY)]
    assert town.acts(COUNTY)[1:] == [(CITY, "audit.look", COUNTY)]


def test_another_sites_page_makes_no_auditor_look(town: Town, auditor: Caller, get: Get) -> None:
    town.consent()
    before = town.acts(CITY), town.acts(COUNTY)
    for path in (f"/audit/{COUNTY}", f"/audit/{COUNTY}.csv"):
        for headers in ({"sec-fetch-site": "cross-site"}, {"referer": "https://elsewhere.example/"}):
            answer = get(path, auditor, **headers)
            assert (answer.status_code, "CROSS_SITE" in answer.text) == (403, True)
        assert get(path, auditor, "HEAD").status_code == 405
    assert (town.acts(CITY), town.acts(COUNTY)) == before


def test_filters_and_pages(town: Town, auditor: Caller, get: Get) -> None:
    town.consent()
    town.fill(120)
    page = get(f"/audit/{COUNTY}?act=venue", auditor).text
    assert f"{COUNTY}.venue.00119" in page
    assert f"{COUNTY}.venue.00019" not in page
    after = page.partition("after=")[2].partition('"')[0].partition("&")[0]
    page = get(f"/audit/{COUNTY}?act=venue&after={after}", auditor).text
    assert f"{COUNTY}.venue.00019" in page
    assert f"{COUNTY}.venue.00020" not in page
    for query, is_there in (
        ("who=clerk", True), ("who=nobody", False), (f"subject={COUNTY}.venue.00007", True), ("subject=x", False),
        ("act=account", False), ("to=2026-01-01", False), ("from=2100-01-01", False),
        ("from=2026-01-01&to=2100-01-01", True),
    ):  # fmt: skip
        text = get(f"/audit/{COUNTY}?{query}", auditor).text
        assert ("venue.change" in text) is is_there, query
        assert ("没有符合条件的审计条目" in text) is not is_there, query
    for query in ("from=nonsense", "to=9999-12-31", "after=x", "after=2147483648"):
        before = town.acts(CITY)
        assert get(f"/audit/{COUNTY}?{query}", auditor).status_code == 400, query
        assert town.acts(CITY) == before


def test_it_is_exported_and_each_line_proves_itself(
    town: Town, auditor: Caller, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_pages, "AT_ONCE", 4)
    town.consent()
    town.fill(9)
    lines = get(f"/audit/{COUNTY}.csv?act=venue", auditor).content.decode("utf-8-sig").splitlines()
    assert len(lines) == 10
    assert lines[0].startswith("序号,时间,方面,操作,")
    chains = [line.split(",")[-2:] for line in lines[1:]]
    assert all(newer[0] == older[1] for newer, older in pairwise(chains))
    assert town.acts(CITY)[-1] == (CITY, "audit.copy_below", COUNTY)
    book = CalamineWorkbook.from_filelike(io.BytesIO(get(f"/audit/{COUNTY}.xlsx?act=venue", auditor).content))
    assert len(book.get_sheet_by_index(0).to_python()) == 10
    assert get(f"/audit/{COUNTY}.doc", auditor).status_code == 404
    monkeypatch.setattr(audit_pages, "MOST_EXPORTED", 4)
    assert "只有最近 4 条" in get(f"/audit/{COUNTY}.csv?act=venue", auditor).content.decode("utf-8-sig")


def test_withdrawn_it_is_refused_though_the_city_has_not_heard_of_it(town: Town, auditor: Caller, get: Get) -> None:
    town.consent()
    town.fill(1)
    town.withdraw()
    before = town.acts(COUNTY)
    page = get(f"/audit/{COUNTY}", auditor)
    assert page.status_code == 403
    assert "没有委托本会审计，或已收回委托" in page.text
    assert "venue.change" not in page.text
    assert get(f"/audit/{COUNTY}.csv", auditor).status_code == 403
    assert town.acts(COUNTY) == before
    assert town.acts(CITY) == [(CITY, "audit.look_below", COUNTY), (CITY, "audit.copy_below", COUNTY)]


def test_who_is_not_below_us_is_not_asked(town: Town, auditor: Caller, get: Get) -> None:
    for other in (ALONE, CITY, "999999"):
        assert get(f"/audit/{other}", auditor).status_code == 404
    assert town.acts(CITY) == town.acts(ALONE) == []


def test_a_county_that_is_away_is_said_to_be(town: Town, runner: asyncio.Runner, auditor: Caller, get: Get) -> None:
    town.consent()
    runner.run(town.lines[COUNTY].close())
    page = get(f"/audit/{COUNTY}", auditor)
    assert page.status_code == 503
    assert "暂未应答" in page.text


def test_the_pages_speak_english(town: Town, auditor: Caller, get: Get) -> None:
    town.consent()
    assert "Audits below" in get("/audit?lang=en", auditor).text
    assert "Each look and each export stands" in get(f"/audit/{COUNTY}?lang=en", auditor).text
