"""Settings: what stands in the file, what the environment says above it, and nothing that cannot be right."""

from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from sync.edge.configured import BadSetting, configured


@dataclass(frozen=True)
class Table:
    words: int = 10


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    port: int = 80
    is_open: bool = False
    proxies: tuple[str, ...] = ()
    place: Path = Path("here")
    table: Table = Table()


def read(tmp_path: Path, text: str, **environ: str) -> Shape:
    file = tmp_path / "service.toml"
    file.write_text(text, encoding="utf-8")
    return configured(Shape, file, environ, "X_")


def test_the_file_is_read_and_the_rest_has_its_defaults(tmp_path: Path) -> None:
    found = read(tmp_path, 'name = "嘉善"\nplace = "a/b"\nproxies = ["10.0.0.1"]\n[table]\nwords = 5\n')
    assert found == Shape(name="嘉善", place=tmp_path / "a/b", proxies=("10.0.0.1",), table=Table(5))


def test_the_environment_wins_and_is_read_by_type(tmp_path: Path) -> None:
    told = {"X_PORT": "8443", "X_IS_OPEN": "true", "X_PROXIES": "10.0.0.1, 10.1.0.0/16", "X_TABLE_WORDS": "7", "Y": "z"}
    found = read(tmp_path, 'name = "a"\nport = 1', **told)
    assert (found.port, found.is_open, found.proxies) == (8443, True, ("10.0.0.1", "10.1.0.0/16"))
    assert found.table == Table(7)


def test_an_absolute_path_stays_where_it_is(tmp_path: Path) -> None:
    assert read(tmp_path, f'name = "a"\nplace = "{tmp_path.parent}/c"').place == tmp_path.parent / "c"


def test_without_a_file_the_environment_is_enough() -> None:
    assert configured(Shape, None, {"X_NAME": "a"}, "X_").name == "a"


@pytest.mark.parametrize(
    ("text", "environ", "named"),
    [
        ("", {}, "name"),
        ('name = "a"\nprot = 1', {}, "prot"),
        ('name = "a"\n[table]\nwrods = 1', {}, "wrods"),
        ('name = "a"\ntable = 1', {}, "table"),
        ('name = "a"\nport = "many"', {}, "port"),
        ('name = "a"', {"X_PORT": "many"}, "port"),
        ('name = "a"', {"X_PROT": "1"}, "X_PROT"),
        ('name = "a"', {"X_TABLE_WRODS": "1"}, "X_TABLE_WRODS"),
        ("name = ", {}, "TOML"),
    ],
)
def test_what_cannot_be_right_is_named(tmp_path: Path, text: str, environ: dict[str, str], named: str) -> None:
    with pytest.raises(BadSetting, match=named):
        read(tmp_path, text, **environ)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=r"none\.toml"):
        configured(Shape, tmp_path / "none.toml", {}, "X_")
