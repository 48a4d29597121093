"""Where the demo keeps what belongs to whom, and the addresses its parts listen on.

DIR/demo.json                what runs: addresses, process ids, logins
DIR/control.sock             commands to the running demo
DIR/trust/                   the root's and the registrar's keys, and the signed directory
DIR/hub/                     the hub's keys and store
DIR/creds/<id>.creds         by which the hub knows a committee or the gateway
DIR/committees/<id>/         tenant.toml, keys/, tenant.db, log
DIR/gateway/                 gateway.toml, request.jwk, log
"""

import socket
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from deploy.demo.scenes import Place, Scene

_LONGEST_SOCKET = 100
"""Bytes of a Unix socket's path; the system takes 107."""


@dataclass(frozen=True)
class Ports:
    """TCP ports on the loopback: the gateway's, the hub's, and one for each committee."""

    gateway: int
    hub: int
    committees: dict[str, int]


@dataclass(frozen=True)
class Layout:
    """One demo's folder, scenes and ports."""

    folder: Path
    scenes: list[Scene]
    ports: Ports

    @property
    def places(self) -> list[Place]:
        return [place for scene in self.scenes for place in scene.places]

    @property
    def trust(self) -> Path:
        return self.folder / "trust"

    @property
    def directory(self) -> Path:
        return self.trust / "directory.jws"

    @property
    def root(self) -> Path:
        """The federation's root key, its public half."""
        return self.trust / "root.jwk"

    @property
    def credentials(self) -> Path:
        return self.folder / "creds"

    @property
    def hub(self) -> Path:
        return self.folder / "hub"

    @property
    def gateway(self) -> Path:
        return self.folder / "gateway"

    @property
    def control(self) -> Path:
        return control_of(self.folder)

    @property
    def summary(self) -> Path:
        return self.folder / "demo.json"

    def committee(self, id: str) -> Path:
        return self.folder / "committees" / id

    def database(self, id: str) -> Path:
        return self.committee(id) / "tenant.db"

    def url(self, id: str) -> str:
        return f"http://127.0.0.1:{self.ports.committees[id]}"

    @property
    def gateway_url(self) -> str:
        return f"http://127.0.0.1:{self.ports.gateway}"

    @property
    def hub_url(self) -> str:
        return f"nats://127.0.0.1:{self.ports.hub}"


def control_of(folder: Path) -> Path:
    """The socket of the demo in this folder; among the temporary files where its path would be too long for one."""
    usual = folder / "control.sock"
    if len(str(usual).encode()) <= _LONGEST_SOCKET:
        return usual
    return Path(tempfile.gettempdir()) / f"liandong-{sha256(str(folder).encode()).hexdigest()[:16]}.sock"


def free_ports(base: int, committees: list[str]) -> Ports:
    """`base` for the gateway and the ports behind it for the others; one that is taken is passed over."""
    found: list[int] = []
    at = base
    while len(found) < len(committees) + 2:
        if _is_free(at):
            found.append(at)
        at += 1
    return Ports(found[0], found[1], dict(zip(committees, found[2:], strict=True)))


def _is_free(port: int) -> bool:
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
