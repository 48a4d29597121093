"""Settings of a gateway: one TOML file; variables `LIANDONG_GATEWAY_<NAME>` win over it."""

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import msgspec

from sync.contract.ids import is_committee
from sync.edge.configured import Unfit, configured
from sync.edge.networks import check_proxies

PREFIX = "LIANDONG_GATEWAY_"
_Port = Annotated[int, msgspec.Meta(ge=0, le=65_535)]
_Count = Annotated[int, msgspec.Meta(ge=1)]
_Milliseconds = Annotated[int, msgspec.Meta(ge=50, le=10_000)]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What one gateway needs to know. A relative path is meant from the folder of the file."""

    id: str
    """Its id in the directory; tokens and proofs name it. Example: `gateway-330100`."""
    hub: str
    """Address of the hub. Example: `nats://hub.example:4222`."""
    credentials: Path
    """File with the gateway's credentials at the hub, as the hub's operator issued it. Example: `keys/hub.creds`."""
    key: Path
    """File with the private key (JWK, P-256) that signs its proofs; the directory shows the public one.
    Example: `keys/request.jwk`."""
    directory: Path = Path("directory.jws")
    """Where the last good copy of the directory is kept; with it the gateway starts while the hub is away.
    Example: `state/directory.jws`."""
    root: Path = Path("root.jwk")
    """File with the public key (JWK) of the federation's root, which says who may sign which part of the directory.
    Example: `trust/root.jwk`."""
    home: str = ""
    """The committee that this gateway stands beside: its users are answered while the hub is away, see `home_url`.
    Example: `"330100"`."""
    home_url: str = ""
    """Where that committee's own service is, without a path; https, or http on this machine. The gateway alone sets
    it, so nobody else can send it anywhere. Example: `"http://127.0.0.1:8100"`."""
    host: str = "127.0.0.1"
    """Address to listen on; a proxy with TLS stands in front. Example: `0.0.0.0`."""
    port: _Port = 8000
    """TCP port to listen on; 0 takes a free one. Example: `8443`."""
    trusted_proxies: tuple[str, ...] = ("127.0.0.1",)
    """Addresses and networks of proxies whose word about the client is believed; several are separated by commas in the
    environment. Example: `["10.0.0.5", "10.1.0.0/24"]`."""
    title: str = "政协联动网关"
    """Whose pages these are, as their head shows it. Example: `杭州市政协联动驾驶舱`."""
    under: tuple[str, ...] = ()
    """Committees whose districts the cockpit shows; none: everybody in the directory. Several are separated by commas
    in the environment. Example: `["330100"]`."""
    tiles: dict[str, tuple[int, int]] = {}
    """Row and column, from 1, of each committee's tile on the cockpit; the others follow in the directory's order.
    Example: `{"330102" = [1, 2]}`."""
    secure_cookies: bool = True
    """Whether the session cookie is bound to TLS; only a demo over plain HTTP turns it off. Example: `false`."""
    most_sessions_per_person: _Count = 20
    """Browsers in which one account may be signed in at once; with one more its own oldest session ends.
    Example: `5`."""
    shows_schema: bool = False
    """Whether everybody may read the schema by introspection, not only system administrators. Example: `true`."""
    metrics: bool = False
    """Serves `/metrics` to a program that watches this one (Prometheus), on the same address and port as pages; who
    comes through a reverse proxy does not get it. Ids of committees and figures, no names. Example: `true`."""
    replica_above: _Count = 200
    """Committees addressed by one list or table above which AUTO reads only what they have shared, and asks none of
    them live. Example: `500`."""
    deadline_ms: _Milliseconds = 2_000
    """Milliseconds that committees have to answer a question that does not say it itself (`fan: {deadlineMs: …}`); for
    whoever has not signed in the longest that can be said. Example: `3000`."""
    act_deadline_ms: _Milliseconds = 10_000
    """Milliseconds that the caller's own committee has to carry out a mutation. Example: `5000`."""
    most_bytes: _Count = 100_000
    """Bytes of a request's body. Example: `50000`."""
    most_cost: _Count = 200_000
    """Fields × page sizes × pages that one request may come to: one at each committee asked, one for every 500 of whom
    copies are read. Example: `500000`."""
    most_exported: _Count = 20_000
    """Rows of one file that is exported; what is over is left out, and the file says so. Example: `5000`."""
    most_files_each: _Count = 4
    """Files that one account, or one address that has not signed in, may be taking at once; one more is refused with
    TOO_MANY_FILES. Who takes nothing for 20 seconds loses the file. Example: `2`."""
    requests_per_minute: _Count = 600
    """Requests a minute of one account; what is over is refused with RATE_LIMITED. Example: `1200`."""
    strangers_per_minute: _Count = 600
    """The same for everybody who has not signed in, by IP address (IPv6: one /64). Example: `60`."""
    cost_per_minute: _Count = 4_000_000
    """The same that one account, or one address that has not signed in, may come to in a minute. Not below `most_cost`.
    Example: `10000000`."""
    most_at_once: _Count = 500
    """Requests under way at this gateway; one more is refused at once with BUSY (503). Example: `200`."""
    most_at_once_each: _Count = 50
    """Of these, requests of one account, or of one address that has not signed in. Example: `20`."""
    most_streams: _Count = 2_000
    """Connections over which people listen to changes at once (WebSockets and event streams). Example: `500`."""
    most_streams_per_person: _Count = 20
    """The same of one account. Example: `5`."""
    most_ungreeted: _Count = 200
    """WebSockets at once whose client has not said yet who it is; a quarter of them from one address. Example: `50`."""
    most_operations_per_stream: _Count = 50
    """Operations under way at once over one WebSocket. Example: `10`."""
    probes_per_minute: Annotated[int, msgspec.Meta(ge=0)] = 60
    """Committees asked a minute only to know how they stand, while somebody listens to `committeeStateChanged`: those
    that nobody has asked for a minute, the longest ago first; 0: none. Example: `20`."""
    breaker_patience: _Count = 3
    """Silences in a row after which a committee is left in peace for a while. Example: `5`."""
    breaker_rest_seconds: Annotated[float, msgspec.Meta(gt=0)] = 5.0
    """Seconds for which it is left in peace at first; doubled with each further silence, up to a minute.
    Example: `10.0`."""

    def __post_init__(self) -> None:
        """Raises: ValueError, settings that contradict each other."""
        if self.cost_per_minute < self.most_cost:
            raise Unfit(
                "cost_per_minute", "小于单个请求的上限 most_cost", "a single request may already cost more (most_cost)"
            )
        if bool(self.home) != bool(self.home_url):
            raise Unfit(
                "home" if self.home else "home_url", "home 和 home_url 须同时设置",
                "of home and home_url one is of no use without the other",
            )  # fmt: skip
        if self.home_url and not _may_be_asked(self.home_url):
            raise Unfit(
                "home_url", "须为 https 地址，或本机的 http 地址", "neither https://host nor http on this machine"
            )
        check_proxies("trusted_proxies", self.trusted_proxies)
        for each in self.under:
            if not is_committee(each):
                raise Unfit("under", f"“{each}”不是委员会编号", f"{each!r} is not the id of a committee, as 330100 is")


def _may_be_asked(url: str) -> bool:
    """Whether tokens may travel there: over TLS, or without leaving this machine."""
    said = urlsplit(url)
    if not said.hostname or said.path not in ("", "/") or said.query or said.username:
        return False
    if said.scheme == "https":
        return True
    try:
        return said.scheme == "http" and ipaddress.ip_address(said.hostname).is_loopback
    except ValueError:
        return False


def read(file: Path | None, environment: Mapping[str, str]) -> Settings:
    """The settings in `file`, and over them those of the environment.

    Raises:
        BadSetting: says which, and where it stands.
    """
    return configured(Settings, file, environment, PREFIX)
