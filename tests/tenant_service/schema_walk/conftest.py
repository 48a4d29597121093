"""The county is filled once for the tests of a module: they ask, and change nothing in it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, MetaData

from tenant_service.exchange.outbox import ExchangeOutbox
from tenant_service.storage.engine import open_engine
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, tables: MetaData, empty_sqlite: Path
) -> Iterator[Engine]:
    del tables
    if request.param == "sqlite":
        made = open_engine(f"sqlite:///{shutil.copy(empty_sqlite, tmp_path_factory.mktemp('county'))}")
        yield made
        made.dispose()
        return
    with request.getfixturevalue("schemas").lent() as url:
        made = open_engine(url)
        yield made
        made.dispose()


@pytest.fixture(scope="module")
def units(engine: Engine) -> Units:
    return Units(engine, places.JIASHAN, ExchangeOutbox(places.trust(places.JIASHAN)), places.Clock())
