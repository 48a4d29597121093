"""The demo's settings files are what somebody would write: readable, and read by the program that they are for."""

from pathlib import Path

import pytest

from deploy.demo import scenes
from deploy.demo.founding import found
from deploy.demo.layout import Layout, Ports
from gateway.settings import Settings, read


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The gateway's, of the Delta's demo."""
    chosen = scenes.chosen("delta")
    ids = [place.id for scene in chosen for place in scene.places]
    layout = Layout(
        tmp_path_factory.mktemp("demo"), chosen, Ports(8600, 8601, {id: 8602 + n for n, id in enumerate(ids)})
    )
    found(layout)
    return layout.gateway / "gateway.toml"


@pytest.fixture(scope="module")
def settings(file: Path) -> Settings:
    return read(file, {})


def test_people_can_read_the_gateways_settings(file: Path, settings: Settings) -> None:
    assert f'title = "{settings.title}"\n' in file.read_text(encoding="utf-8")
    assert "驾驶舱" in settings.title


def test_the_demos_gateway_shows_its_metrics(settings: Settings) -> None:
    assert settings.metrics
