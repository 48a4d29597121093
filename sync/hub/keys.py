"""The hub's own keys, in files only their owner can read: lost with them is the trust of every connection."""

import os
from pathlib import Path

from sync.bus.credentials import NKey, Role


class HubKeys:
    """Operator, system account, account HUB, and one account for each party; made once and kept in `folder`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder = folder
        self.operator = self._kept("operator", Role.OPERATOR)
        self.system = self._kept("system", Role.ACCOUNT)
        self.hub = self._kept("hub", Role.ACCOUNT)

    def account(self, id: str) -> NKey | None:
        """The account of a committee or gateway that was admitted here; None: not yet, or it keeps its own."""
        path = self._path(f"account-{id}")
        return NKey(path.read_text()) if path.exists() else None

    def admit(self, id: str) -> NKey:
        return self._kept(f"account-{id}", Role.ACCOUNT)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.nk"

    def _kept(self, name: str, role: Role) -> NKey:
        path = self._path(name)
        if not path.exists():
            write_secret(path, NKey.new(role).seed)
        return NKey(path.read_text())


def write_secret(path: Path, text: str) -> None:
    """The file holds `text` whole or does not exist, and nobody but its owner reads it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
