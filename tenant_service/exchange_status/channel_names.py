"""Channels as people call them: by whom they reach, never by their code."""

from collections.abc import Callable

from sync.contract.channels import PLAIN, Scope, parts_of
from sync.contract.trust.directory import Directory

_SCOPES = {channel: scope for scope, channel in PLAIN.items()}

Say = Callable[[str], str]
"""A Chinese text in the reader's language."""


def channel_name(channel: str, directory: Directory, say: Say = str) -> str:
    """`上级政协`, `联动机制成员：三地政协联动`, `指定政协：青浦`; a code that this release does not know stays one."""
    if channel in _SCOPES:
        return say(_SCOPES[channel].label)
    kind, _, target = channel.partition("_")
    if kind == "m":
        found = (each.name for id, each in directory.mechanisms.items() if id.endswith(f".{target}"))
        return f"{say(Scope.MECHANISM.label)}：{next(found, target[:8])}"
    return f"{say(Scope.PARTNER.label)}：{committee_name(target, directory)}" if kind == "x" else channel


def committee_name(id: str, directory: Directory) -> str:
    """Its short name; the id of one that the directory does not show."""
    listed = directory.entries.get(id)
    return (listed.short_name or listed.name) if listed else id


def log_name(log: str, directory: Directory, say: Say = str) -> str:
    """`青浦 · 联动机制成员：三地政协联动`."""
    owner, channel = parts_of(log)
    name = committee_name(owner, directory)
    return f"{name} · {channel_name(channel, directory, say)}" if channel else name
