"""Settings of a hub: a TOML file, and above it variables `LIANDONG_HUB_…` of the environment."""

from pathlib import Path
from typing import Annotated, Literal

import msgspec

PREFIX = "LIANDONG_HUB_"
_Port = Annotated[int, msgspec.Meta(ge=1, le=65_535)]
_Bytes = Annotated[int, msgspec.Meta(ge=1_048_576)]
_Seconds = Annotated[float, msgspec.Meta(gt=0)]
_Copies = Literal[1, 3, 5]
_Rate = Annotated[float, msgspec.Meta(gt=0)]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """One hub. A relative path is meant from the configuration file's folder."""

    folder: Path = Path("hub")
    """Where the hub keeps its keys, its store, its configuration and its log. The keys are to be kept safe and backed
    up; the store can be rebuilt at any time. Example: `"/var/lib/liandong/hub"`."""
    creds: Path = Path("creds")
    """Folder into which the `.creds` file of each admitted committee and gateway is written, for handing over.
    Example: `"/var/lib/liandong/creds"`."""
    directory: Path = Path("directory.jws")
    """File with the signed directory; replaced there, it is followed within a few seconds.
    Example: `"/etc/liandong/directory.jws"`."""
    root: Path = Path("root.jwk")
    """Public key of the federation's root, which says who may sign which part of the directory; one that does not go
    back to it is not followed. Example: `"trust/root.jwk"`."""
    host: str = "127.0.0.1"
    """Address that committees and gateways connect to. Example: `"0.0.0.0"`."""
    port: _Port = 4222
    """Port of the same. Example: `14222`."""
    name: str = "hub"
    """Of this server; in a cluster each has another. Example: `"hub-2"`."""
    cluster_listen: str | None = None
    """Address and port at which the other servers of the cluster reach this one; without it this server is alone.
    Example: `"10.0.0.2:6222"`."""
    cluster_peers: list[str] = []
    """The same of each server of the cluster. Example: `["10.0.0.1:6222", "10.0.0.2:6222", "10.0.0.3:6222"]`."""
    replicas: _Copies = 1
    """Servers that keep each stream: 1, or 3 in a cluster of three, of which any one may then be lost. Example: `3`."""
    tls_certificate: Path | None = None
    """PEM file with this server's certificate; with it, committees and gateways connect over TLS only
    (`tls://hub.example:4222`). Example: `"tls/hub-2.pem"`."""
    tls_key: Path | None = None
    """PEM file with the key to that certificate. Example: `"tls/hub-2.key"`."""
    tls_authorities: Path | None = None
    """PEM file with those who issue the certificates of the cluster's servers; with it the servers talk to each other
    over TLS only and check each other, and so does the controller. Example: `"tls/authorities.pem"`."""
    most_disk_bytes: _Bytes = 8 * 1024**3
    """What the store may take. Over three fifths of it the largest logs lose their oldest events at the hub, which
    owners and readers keep; so give it twice what the hub is to keep for newcomers. Example: `107374182400`."""
    metrics_port: _Port | None = None
    """Port on this machine (127.0.0.1) where figures in Prometheus's text format can be read at `/metrics`; without it
    there are none. Example: `9222`."""
    flood_per_second: _Rate = 2_000.0
    """Messages a second above which a party that sends them is noted in the audit file; nothing else happens to it.
    Example: `500.0`."""
    check_seconds: _Seconds = 10.0
    """How often it is looked whether streams, consumers or the directory have changed. Example: `2.5`."""
