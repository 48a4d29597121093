"""`/metrics` tells a watching program how complete the exchange is, and tells nobody else anything."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.testclient import TestClient

from sync.contract.trust.directory import Directory
from tenant_service.edge import metrics
from tenant_service.edge.routes import routes
from tenant_service.exchange_status import queries
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.edge.conftest import House
from tests.tenant_service.exchange_status import troubles
from tests.tenant_service.places import JIASHAN, QINGPU, WUJIANG, Clock

# The figures are the room's, whose tests ask both databases.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

Series = dict[tuple[str, ...], float]


def series(text: str) -> Series:
    """(name, labels in order of their names) → value."""
    found = Series()
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = [value for _, value in sorted(sample.labels.items())]
            found[sample.name.removeprefix("liandong_sync_"), *labels] = sample.value
    return found


@pytest.fixture
def told(build: Callable[..., House], units: Units, tmp_path: Path, clock: Clock) -> str:
    troubles.troubles(units, tmp_path, clock)
    answer = build(metrics="true").client().get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return answer.text


def test_each_followed_log_has_its_series(told: str) -> None:
    found, mine = series(told), troubles.MECHANISM
    assert found["applied_seq", mine, QINGPU] == 3
    assert found["dead_letters", mine, QINGPU] == 2
    assert (found["trouble", mine, WUJIANG], found["whole", mine, WUJIANG]) == (1, 0)
    assert (found["naks_total", mine, WUJIANG], found["quarantined_total", mine, WUJIANG]) == (2, 1)
    assert found["head_seq", mine, WUJIANG] == 4
    assert found["lag_seconds", mine, WUJIANG] == 1
    assert ("applied_seq", "o", QINGPU) not in found, "it is no longer followed"


def test_each_log_of_ours_has_its_series(units: Units, directory: Directory, tmp_path: Path, clock: Clock) -> None:
    troubles.troubles(units, tmp_path, clock)
    with units.read() as unit:
        seen = queries.overview(unit.session, unit.now, JIASHAN, directory)
    found, mine = series(metrics.text(seen, {}).decode()), troubles.MECHANISM
    assert (found["own_seq", mine], found["hub_seq", mine]) == (13, 13)
    assert (found["readers", mine], found["readers_confirmed", mine]) == (2, 1)
    assert found["hub_seen_timestamp_seconds", mine] == clock.now.timestamp()
    assert found["alarms", "STRANGER"] == found["alarms", "FORKED"] == 1


def test_ids_are_told_and_no_names(told: str) -> None:
    assert QINGPU in told
    assert not any(name in told for name in ("青浦", "吴江", "嘉善", "三地"))


def test_it_is_off_unless_somebody_turns_it_on(build: Callable[..., House]) -> None:
    assert build().client().get("/metrics").status_code == 404


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded"])
def test_who_comes_through_a_proxy_does_not_get_it(build: Callable[..., House], header: str) -> None:
    house = build(metrics="true", trusted_proxies="10.0.0.5")
    assert house.client(address="10.0.0.5").get("/metrics", headers={header: "for=192.0.2.7"}).status_code == 404
    assert house.client(address="10.0.0.5").get("/metrics").status_code == 200


def test_what_was_refused_is_counted_by_its_reason(build: Callable[..., House]) -> None:
    deps = replace(build(metrics="true").deps, refused=lambda: {"BUSY": 3, "NOT_A_READER": 1})
    found = series(TestClient(Starlette(routes=routes(deps))).get("/metrics").text)
    assert (found["refused_total", "BUSY"], found["refused_total", "NOT_A_READER"]) == (3, 1)
