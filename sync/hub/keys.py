"""The hub's own keys, in files only their owner can read: lost with them is the trust of every connection."""

import hashlib
import hmac
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

    def account(self, id: str) -> NKey:
        """The key of a party's account, unless it keeps one of its own.

        At every place with the same operator it is the same one, admitted there or not, so that the servers of a
        cluster never make two accounts of one party.
        """
        drawn = hmac.new(self.operator.seed.encode(), f"account {id}".encode(), hashlib.sha256).digest()
        return NKey(self._path(f"account-{id}").read_text()) if self.is_admitted(id) else NKey.new(Role.ACCOUNT, drawn)

    def is_admitted(self, id: str) -> bool:
        """Whether its key lies here."""
        return self._path(f"account-{id}").exists()

    def admit(self, id: str) -> None:
        if not self.is_admitted(id):
            write_secret(self._path(f"account-{id}"), self.account(id).seed)

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
