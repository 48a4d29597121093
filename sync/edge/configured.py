"""Settings of a program: a TOML file, and above it the environment. What cannot be right stops the program at once."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import msgspec

T = TypeVar("T")


_PLACE = re.compile(r"^(?P<what>.*) - at `\$\.?(?P<name>[a-z_.]*)[^`]*`$", re.DOTALL)
"""How msgspec says what is wrong, and where."""
_EXPECTED = re.compile(r"^Expected `(?P<type>\w+)`(?: (?P<bound>>=|>|<=|<) (?P<limit>[-\d.]+))?")
_TYPES = {
    "int": "应为整数", "float": "应为数字", "bool": "应为 true 或 false", "str": "应为文字", "array": "应为列表",
    "object": "应为表",
}  # fmt: skip
_BOUNDS = {">=": "不小于", ">": "大于", "<=": "不大于", "<": "小于"}


class BadSetting(Exception):
    """A setting is missing, unknown or wrong; the message names it and where it stands."""


class Unfit(ValueError):
    """What a struct of settings says in `__post_init__` of a value that it cannot mean, in both languages."""

    def __init__(self, name: str, zh: str, en: str) -> None:
        super().__init__(f"{name}: {en}")
        self.name, self.zh, self.en = name, zh, en


def usual(file: Path, default: Path, environ: Mapping[str, str], prefix: str) -> Path | None:
    """The file of settings that a command was given; None: it was given none, and the environment tells them.

    Raises:
        BadSetting: neither. A command that went on with defaults in the wrong folder would find nothing, and say that
            all is well.
    """
    if file != default or file.exists():
        return file
    if not any(name.startswith(prefix) for name in environ):
        raise BadSetting(f"there is no {default} in this folder: name the file of settings with --config")
    return None


def configured(kind: type[T], file: Path | None, environ: Mapping[str, str], prefix: str) -> T:
    """The settings in `file`, each overruled by its variable of the environment, checked.

    `kind` is a struct whose attributes are settings; an attribute that is a struct or dataclass itself is a table of
    the file. The variable of `limits.tokens` under the prefix `X_` is `X_LIMITS_TOKENS`; items of a list stand between
    commas there. A relative path is meant from the file's folder.

    Raises:
        BadSetting
    """
    told = _in_file(file) if file else {}
    where = file or Path()
    unread = {name for name in environ if name.startswith(prefix)}
    _known(kind, told, str(where))
    told = _overruled(kind, told, environ, prefix, unread)
    if unread:
        raise BadSetting(f"没有这样的设置 / there is no setting for {', '.join(sorted(unread))}")
    folder = where.resolve().parent if file else Path.cwd()
    told = _default_paths(kind) | told

    def path_in(type_: type, value: Any) -> Any:
        if type_ is Path and isinstance(value, str):
            return folder / value
        raise NotImplementedError

    try:
        return msgspec.convert(told, kind, strict=False, dec_hook=path_in)
    except msgspec.ValidationError as error:
        raise BadSetting(_told(error, file, environ, prefix)) from None


def _told(error: msgspec.ValidationError, file: Path | None, environ: Mapping[str, str], prefix: str) -> str:
    """What is wrong in Chinese and in English, blamed on the variable if the value came from there, else on the file.

    The value itself is not repeated: it may be a secret, and this goes into a log.
    """
    where = file or "环境变量 environment"
    cause, place = error.__cause__, _PLACE.match(str(error))
    if isinstance(cause, Unfit):
        name, zh, en = cause.name, cause.zh, cause.en
    elif place:
        name, en = place["name"], _wanted(place["what"])
        zh = _in_chinese(en)
    else:
        return f"{where}: {error}"
    variable = f"{prefix}{name.replace('.', '_').upper()}"
    if variable in environ:
        return f"环境变量 {variable} 的值不正确：{zh} / the environment variable {variable} is wrong: {en}"
    return f"{where}: “{name}”不正确：{zh} / {name} is wrong: {en}"


def _wanted(what: str) -> str:
    """Without what came instead: of a variable it is always text."""
    return what.partition(", got ")[0]


def _in_chinese(what: str) -> str:
    found = _EXPECTED.match(what)
    if not found or found["type"] not in _TYPES:
        return "无法识别"
    return _TYPES[found["type"]] + (f"，{_BOUNDS[found['bound']]} {found['limit']}" if found["bound"] else "")


def _default_paths(kind: Any) -> dict[str, Any]:
    """A default path is meant from the file's folder like one that was told."""
    if not issubclass(kind, msgspec.Struct):
        return {}
    fields = msgspec.structs.fields(kind)
    return {each.name: str(each.default) for each in fields if isinstance(each.default, Path)}


def _in_file(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadSetting(f"{file} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"{file} is not TOML: {error}") from None


def _overruled(
    kind: Any, told: dict[str, Any], environ: Mapping[str, str], prefix: str, unread: set[str]
) -> dict[str, Any]:
    found = dict(told)
    for name, type_ in get_type_hints(kind).items():
        variable = f"{prefix}{name.upper()}"
        if _is_table(type_):
            found[name] = _overruled(type_, found.get(name, {}), environ, f"{variable}_", unread)
        elif variable in environ:
            unread.discard(variable)
            found[name] = environ[variable] if not _is_list(type_) else _items(environ[variable])
    return found


def _known(kind: Any, told: dict[str, Any], where: str) -> None:
    """Raises: BadSetting, a name that is no setting: a typing error would otherwise change nothing, silently."""
    hints = get_type_hints(kind)
    for name, value in told.items():
        if name not in hints:
            raise BadSetting(f"{where}: there is no setting {name}")
        if _is_table(hints[name]):
            if not isinstance(value, dict):
                raise BadSetting(f"{where}: {name} is a table")
            _known(hints[name], value, f"{where} [{name}]")


def _is_table(type_: Any) -> bool:
    return isinstance(type_, type) and (issubclass(type_, msgspec.Struct) or is_dataclass(type_))


def _is_list(type_: Any) -> bool:
    return get_origin(type_) in (list, tuple) or any(get_origin(each) in (list, tuple) for each in get_args(type_))


def _items(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]
