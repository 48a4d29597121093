"""Settings of a program: a TOML file, and above it the environment. What cannot be right stops the program at once."""

import tomllib
from collections.abc import Mapping
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import msgspec

T = TypeVar("T")


class BadSetting(Exception):
    """A setting is missing, unknown or wrong; the message names it and where it stands."""


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
        raise BadSetting(f"there is no setting for {', '.join(sorted(unread))}")
    folder = where.resolve().parent if file else Path.cwd()
    told = _default_paths(kind) | told

    def path_in(type_: type, value: Any) -> Any:
        if type_ is Path and isinstance(value, str):
            return folder / value
        raise NotImplementedError

    try:
        return msgspec.convert(told, kind, strict=False, dec_hook=path_in)
    except msgspec.ValidationError as error:
        raise BadSetting(f"{where}: {error}") from None


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
