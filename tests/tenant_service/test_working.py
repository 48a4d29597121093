"""What a committee works at by itself: a request that comes in is answered, though it comes while somebody looks."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from sync.bus.ending import ended
from sync.contract.ids import Id
from sync.contract.shapes.requests import RequestKind, RequestRecord, RequestState
from tenant_service import working
from tenant_service.exchange.answering import Handlers
from tenant_service.exchange.copies import Seen
from tenant_service.identity.policy import Role
from tenant_service.requests import service as requests
from tenant_service.requests.models import IncomingRow
from tenant_service.requests.service import Asked
from tenant_service.settings import Settings
from tenant_service.storage.engine import Domain, open_engine
from tenant_service.storage.unit_of_work import Unit, Units
from tenant_service.working import Working
from tests.tenant_service.exchange.committees import COUNTY, PARTNER, Committee, World, carry
from tests.tenant_service.places import staff
from tests.tenant_service.services import services


class Looking:
    """Notes each look for a waiting request, and what was asked."""

    def __init__(self) -> None:
        self.once, self.twice, self.asked = threading.Event(), threading.Event(), threading.Event()

    def answer_next(self, units: Units, handlers: Handlers) -> bool:
        done = requests_answer_next(units, handlers)
        (self.twice if self.once.is_set() else self.once).set()
        return done

    def handle(self, _unit: Unit, _asked: RequestRecord) -> Id | None:
        self.asked.set()
        return None


requests_answer_next = requests.answer_next


@pytest.fixture
def looking(monkeypatch: pytest.MonkeyPatch) -> Looking:
    found = Looking()
    monkeypatch.setattr(working, "ANSWER_AT_LEAST", 600.0)
    monkeypatch.setattr(requests, "answer_next", found.answer_next)
    return found


@pytest.fixture
def both(engine: Engine, tmp_path: Path, looking: Looking) -> Iterator[tuple[Committee, Committee]]:
    """Who asks, and who is asked: what comes in there is committed a moment after it was taken in."""

    def project(session: Session, seen: Seen) -> None:
        requests.project_request(session, seen)
        looking.twice.wait(1)  # whoever looks now finds nothing

    world, beside = World(), open_engine(f"sqlite:///{tmp_path / 'home.db'}")
    told = {"request": project, "answer": requests.project_answer}
    home, host = (Committee(world, id, of, told) for id, of in ((PARTNER, beside), (COUNTY, engine)))
    yield home, host
    beside.dispose()


async def answered(host: Committee, home: Committee, looking: Looking, settings: Settings) -> None:
    domain = Domain(host.engine)
    handlers = {RequestKind.SIGN_UP: looking.handle}
    work = Working(settings, domain, host.units, host.trust, services(handlers=handlers), {})
    answering = asyncio.create_task(work.answering())
    try:
        assert await asyncio.to_thread(looking.once.wait, 60)
        await asyncio.to_thread(carry, home, host)
        assert await asyncio.to_thread(looking.asked.wait, 60)
    finally:
        await ended([answering])
        domain.close()


def test_what_comes_in_is_answered_when_it_is_committed(
    both: tuple[Committee, Committee], looking: Looking, tmp_path: Path
) -> None:
    """The bell rings after the commit: rung within the transaction, whoever heard it saw nothing yet and slept."""
    home, host = both
    asked = Asked(RequestKind.SIGN_UP, f"{COUNTY}.activity.{'7' * 32}", f"{PARTNER}.person.{'1' * 32}", "王一")
    with home.units.write() as unit:
        requests.send(unit, staff(PARTNER, Role.CLERK), {}, asked)
    settings = Settings(committee=COUNTY, database="sqlite://", directory=tmp_path, root=tmp_path, keys=tmp_path)
    asyncio.run(answered(host, home, looking, settings))
    [row] = host.rows(IncomingRow)
    assert isinstance(row, IncomingRow)
    assert row.state is RequestState.ACCEPTED
