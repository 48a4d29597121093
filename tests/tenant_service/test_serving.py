"""A committee that is served works as well; when that ends by itself, nobody is told that all is well."""

import datetime as dt
import gc
import json
from pathlib import Path

import msgspec
import pytest
from starlette.testclient import TestClient

from sync.contract import jose
from sync.contract.trust.directory import Contents, Listed
from tenant_service import app
from tenant_service.committee import open_committee
from tenant_service.identity.keys import keys_in
from tenant_service.identity.models import IdempotencyRow
from tenant_service.settings import Settings
from tests.directories import signed
from tests.sync.hubs import free_port
from tests.tenant_service.places import JIASHAN
from tests.waiting import until


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Of a committee without a hub."""
    root = jose.new_key()
    entry = Listed(id=JIASHAN, name="嘉善县政协", keys=keys_in(tmp_path / "keys").public())
    contents = Contents(serial=1, issued_at=0, expires_at=2**40, entries=[entry])
    (tmp_path / "directory.jws").write_text(signed(contents, root))
    (tmp_path / "root.jwk").write_text(json.dumps(jose.public(root)))
    return Settings(
        committee=JIASHAN, database=f"sqlite:///{tmp_path / 'committee.db'}", directory=tmp_path / "directory.jws",
        root=tmp_path / "root.jwk", keys=tmp_path / "keys", http_port=free_port(),
    )  # fmt: skip


@pytest.fixture
def broken(settings: Settings, tmp_path: Path) -> Settings:
    """Its hub has an address that is none, so that its work breaks off at once."""
    (tmp_path / "hub.creds").write_text("none")
    return msgspec.structs.replace(settings, hub="nats://[", creds=tmp_path / "hub.creds")


def test_without_a_hub_a_committee_is_ready(settings: Settings) -> None:
    committee = open_committee(settings)
    with TestClient(app.build(committee)) as client:
        assert (client.get("/readyz").status_code, client.get("/readyz").text) == (200, "ready")
    committee.close()


def test_an_application_within_another_program_leaves_its_collector_alone(settings: Settings) -> None:
    before = gc.get_threshold(), gc.get_freeze_count()
    committee = open_committee(settings)
    with TestClient(app.build(committee)) as client:
        assert client.get("/livez").status_code == 200
    committee.close()
    assert (gc.get_threshold(), gc.get_freeze_count()) == before


def test_what_is_kept_no_longer_is_forgotten(settings: Settings) -> None:
    committee = open_committee(settings)
    with committee.units.write() as unit:
        over = unit.now - dt.timedelta(days=1)
        unit.session.add(IdempotencyRow(iss=JIASHAN, sub="1", key="k", digest="", answer=b"{}", kept_until=over))

    def is_forgotten() -> bool:
        with committee.units.read() as unit:
            return unit.session.get(IdempotencyRow, (JIASHAN, "1", "k")) is None

    with TestClient(app.build(committee)):
        until(is_forgotten)
    committee.close()


def test_when_the_work_ends_it_is_not_ready_and_says_why(broken: Settings) -> None:
    committee, told = open_committee(broken), list[str]()
    with TestClient(app.build(committee, lambda: told.append("broke"))) as client:
        until(lambda: client.get("/readyz").status_code == 503)
        assert client.get("/readyz").text == "the exchange of this committee has ended"
        assert client.get("/livez").status_code == 200
    assert told == ["broke"]
    committee.close()


def test_when_the_work_ends_the_server_stops(broken: Settings) -> None:
    with pytest.raises(app.Ended):
        app.serve(broken)
