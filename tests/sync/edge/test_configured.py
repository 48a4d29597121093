"""Settings: what stands in the file, what the environment says above it, and nothing that cannot be right."""

from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from sync.edge.configured import BadSetting, Unfit, configured


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

    def __post_init__(self) -> None:
        if self.name == "nobody":
            raise Unfit("name", "不是名称", "it is nobody's name")


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
        ('name = "a"', {"X_PORT": "many"}, "X_PORT"),
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


def told(tmp_path: Path, text: str, **environ: str) -> str:
    with pytest.raises(BadSetting) as wrong:
        read(tmp_path, text, **environ)
    return str(wrong.value)


@pytest.mark.parametrize(
    ("variable", "value", "zh", "en"),
    [
        ("X_PORT", "many", "应为整数", "Expected `int`"),
        ("X_IS_OPEN", "perhaps", "应为 true 或 false", "Expected `bool`"),
        ("X_TABLE_WORDS", "many", "应为整数", "Expected `int`"),
        ("X_NAME", "nobody", "不是名称", "it is nobody's name"),
    ],
)
def test_a_wrong_variable_is_named_in_both_languages_and_the_file_is_not(
    tmp_path: Path, variable: str, value: str, zh: str, en: str
) -> None:
    said = told(tmp_path, 'name = "a"\nport = 1', **{variable: value})
    assert said == f"环境变量 {variable} 的值不正确：{zh} / the environment variable {variable} is wrong: {en}"


def test_what_is_wrong_in_the_file_is_the_files_whatever_the_environment_says_of_others(tmp_path: Path) -> None:
    said = told(tmp_path, 'name = "a"\nport = "many"', X_IS_OPEN="true")
    assert said == f"{tmp_path / 'service.toml'}: “port”不正确：应为整数 / port is wrong: Expected `int`"


def test_without_a_file_what_is_missing_is_missing_in_the_environment() -> None:
    with pytest.raises(BadSetting, match=r"环境变量 environment: .*`name`"):
        configured(Shape, None, {}, "X_")
