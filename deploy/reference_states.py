"""Which acts a record's states permit and where they lead, as the rooms' rules have it."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import tenant_service
from tenant_service.steps import Steps


def every_table() -> Iterator[tuple[str, str, str]]:
    """Title, what its rules say about it, and the table, by room and name."""
    for room in sorted(each.name for each in pkgutil.iter_modules(tenant_service.__path__) if each.ispkg):
        for rules in _rules_of(room):
            said = _said(rules)
            for each, steps in vars(rules).items():
                if isinstance(steps, Steps) and each in said:
                    yield f"{room}: {each}", said[each], "\n".join([*_drawing(steps), *_rows(steps)])


def _rules_of(room: str) -> list[ModuleType]:
    """The rules of a room, then those of its parts."""
    at = importlib.import_module(f"tenant_service.{room}").__path__
    names = sorted(each.name for each in pkgutil.iter_modules(at) if re.fullmatch(r"(\w+_)?rules", each.name))
    return [importlib.import_module(f"tenant_service.{room}.{name}") for name in names]


def _drawing(steps: Steps[Any, Any]) -> Iterator[str]:
    """The ways from state to state as a picture; what stays where it is, is in the table alone."""
    acts: dict[tuple[Any, Any], list[str]] = {}
    for act, now, to in steps:
        if now is not to:
            acts.setdefault((now, to), []).append("" if act is to else str(act.value))
    if not acts:
        return
    kind: Any = type(next(iter(acts))[0])
    order = list(kind).index
    states = sorted({each for way in acts for each in way}, key=order)
    yield "```mermaid\nstateDiagram-v2"
    yield from (f'    state "{each.value} {each.label}" as {each.value}' for each in states)
    for now, to in sorted(acts, key=lambda way: (order(way[0]), order(way[1]))):
        by = ", ".join(filter(None, acts[now, to]))
        yield f"    {now.value} --> {to.value}" + (f": {by}" if by else "")
    yield "```\n"


def _rows(steps: Steps[Any, Any]) -> Iterator[str]:
    every: list[tuple[Any, Any, Any]] = list(steps)
    states: Any = type(every[0][1])
    order = list(states).index
    every.sort(key=lambda step: order(step[1]))
    if all(act is to for act, _, to in every):  # moved to where somebody says: the state names the act
        yield "| state | may become |\n|---|---|"
        for now in dict.fromkeys(now for _, now, _ in every):
            ahead = "、".join(to.label for _, at, to in every if at is now)
            yield f"| `{now.value}` {now.label} | {ahead} |"
        return
    yield "| state | act | leads to |\n|---|---|---|"
    for act, now, to in every:
        yield f"| `{now.value}` {now.label} | {_named(act)} | {_led(now, to)} |"


def _named(act: Any) -> str:
    return f"`{act.value}` {getattr(act, 'label', '')}".strip()


def _led(now: Any, to: Any) -> str:
    return "stays" if to is now else f"`{to.value}` {to.label}"


def _said(rules: ModuleType) -> dict[str, str]:
    """Name of each thing that the module sets → the text below it."""
    body = ast.parse(inspect.getsource(rules)).body
    found = {}
    for at, each in enumerate(body):
        if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name):
            below = body[at + 1] if at + 1 < len(body) else None
            text = below.value.value if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant) else ""
            found[each.targets[0].id] = " ".join(str(text).split())
    return found
