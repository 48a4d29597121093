"""Three servers as one hub: how they find and trust each other, and what is prepared for each of their places.

Each place runs one server and one controller beside it, with the same keys. All streams lie on three servers, so any
one may be lost. The controller beside the leader of JetStream's own group acts, the others look on; when the leader
changes, so does who acts. Acting twice for a moment does no harm: what is declared depends on the directory alone.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sync.hub.keys import HubKeys, write_secret

NAME = "liandong"
USER = "route"
ROUTE_PORT = 6222


@dataclass(frozen=True)
class Tls:
    """PEM files of a server's certificate.

    Attributes:
        authorities: Who vouches for the servers of the cluster to each other; None: connections among them are open.
    """

    certificate: Path
    key: Path
    authorities: Path | None = None

    def for_clients(self) -> dict[str, Any]:
        return {"cert_file": str(self.certificate), "key_file": str(self.key), "timeout": 5}

    def for_routes(self) -> dict[str, Any]:
        return self.for_clients() | {"ca_file": str(self.authorities), "verify": True}


@dataclass(frozen=True)
class Cluster:
    """What one server must know of the others.

    Attributes:
        listen: `host:port` where it listens for them.
        peers: `host:port` of each of them; its own may be among these.
    """

    listen: str
    peers: tuple[str, ...]

    def configuration(self, keys: HubKeys, tls: Tls | None) -> dict[str, Any]:
        """The server's `cluster` block. Who does not know the hub's keys cannot join it.

        Clients are told of no other addresses than those they were given, which may be the only ones they reach.
        """
        password = route_password(keys)
        told: dict[str, Any] = {
            "name": NAME,
            "listen": self.listen,
            "authorization": {"user": USER, "password": password, "timeout": 5},
            "routes": [f"nats-route://{USER}:{password}@{each}" for each in self.peers],
            "no_advertise": True,
        }
        if tls and tls.authorities:
            told["tls"] = tls.for_routes()
        return told


def route_password(keys: HubKeys) -> str:
    """The same at each place, because the keys are."""
    return hmac.new(keys.operator.seed.encode(), b"routes", hashlib.sha256).hexdigest()


def prepare(into: Path, hosts: Mapping[str, str], keys: HubKeys, port: int, route_port: int = ROUTE_PORT) -> list[Path]:
    """A folder `<into>/<name>` for each server, with its settings and the hub's keys; returns the settings files.

    `hosts`: name of each server → the address at which clients and the other servers reach it. A folder that is there
    already keeps what is in it.
    """
    peers = ", ".join(f'"{host}:{route_port}"' for host in hosts.values())
    written = []
    for name, host in hosts.items():
        for seed in sorted(keys.folder.glob("*.nk")):
            target = into / name / "hub" / "keys" / seed.name
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                write_secret(target, seed.read_text())
        file = into / name / "hub.toml"
        if not file.exists():
            file.write_text(
                f'name = "{name}"\nhost = "{host}"\nport = {port}\nreplicas = 3\n'
                f'cluster_listen = "{host}:{route_port}"\ncluster_peers = [{peers}]\n'
            )
        written.append(file)
    return written
