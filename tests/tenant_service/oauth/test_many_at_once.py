"""Many who sign in at once, and one who tries too often: the service answers, and says when."""

import asyncio
import re
import time
from collections.abc import Iterator

import httpx2
import pytest

from tests.tenant_service.identity.conftest import PASSWORD
from tests.tenant_service.oauth.program import Program
from tests.tenant_service.oauth.tenant import Tenant, parts_of, served

LOGINS = 100


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    """A committee with so many accounts."""
    with served(tmp_path_factory.mktemp("crowded")) as made:
        for number in range(LOGINS):
            made.account(f"clerk{number}")
        yield made


def test_a_hundred_parallel_logins_leave_the_service_answering(crowded: Tenant) -> None:
    async def all_at_once() -> tuple[list[int], list[float], float]:
        limits = httpx2.Limits(max_connections=LOGINS + 10)
        async with httpx2.AsyncClient(base_url=crowded.url, timeout=300, limits=limits) as client:

            async def one(number: int) -> int:
                told = {"username": f"clerk{number}", "password": PASSWORD}
                return (await client.post("/sign-in", data=told)).status_code

            began = time.monotonic()
            logins = asyncio.gather(*map(one, range(LOGINS)))
            waits = []
            while not logins.done():
                asked = time.monotonic()
                assert (await client.get("/livez")).text == "alive"
                waits.append(time.monotonic() - asked)
            return await logins, waits, time.monotonic() - began

    statuses, waits, took = asyncio.run(all_at_once())
    assert statuses == [303] * LOGINS
    assert waits
    ordered = sorted(waits)
    print(  # noqa: T201 — the time is told, and fails nothing
        f"{LOGINS} logins in {took:.1f} s; /livez meanwhile: {len(waits)} answers, "
        f"median {1000 * ordered[len(ordered) // 2]:.0f} ms, slowest {1000 * ordered[-1]:.0f} ms"
    )


@pytest.mark.parametrize("way", ["page", "program", "application", "own page", "links"])
def test_a_locked_account_says_when_it_opens_again(crowded: Tenant, way: str) -> None:
    name = f"clerk{len(way)}"
    browser = crowded.browser(name if way in ("own page", "links") else "")
    csrf = browser.csrf() if way in ("own page", "links") else ""
    new = {"new": "quite another one", "again": "quite another one"}

    def tried(password: str) -> httpx2.Response:
        match way:
            case "page":
                return browser.sign_in(name, password)
            case "application":
                asked = Program(crowded, crowded.client(), browser).authorize()
                return browser.sign_in(name, password, parts_of(asked.headers["location"])["next"])
            case "own page":
                return browser.post("/password", data={"csrf": csrf, "old": password, **new})
            case "links":
                gone = {"csrf": csrf, "issuer": "x", "subject": "x", "password": password}
                return browser.post("/links/remove", data=gone)
        return browser.post("/token", json={"username": name, "password": password})

    for _ in range(5):
        assert tried("not-the-password").status_code == 401
    told = tried(PASSWORD)
    assert told.status_code == 429
    opens = re.search(
        r"请于(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)后再试",
        told.json()["errors"][0]["extensions"]["zh"] if way == "program" else told.text,
    )
    assert opens, told.text[:500]
