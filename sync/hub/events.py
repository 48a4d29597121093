"""What the nats-server tells the hub's own accounts, as far as the watch reads it (nats-server 2.15)."""

import msgspec


class Server(msgspec.Struct):
    name: str = ""
    id: str = ""


class Party(msgspec.Struct):
    """A connection, as the server sees it; `jwt` is the statement it showed, `name` its own words."""

    acc: str = ""
    user: str = ""
    host: str = ""
    name: str = ""
    jwt: str = ""


class ClientEvent(msgspec.Struct):
    """Of `$SYS.ACCOUNT.<account>.CONNECT`, `….DISCONNECT` and `$SYS.SERVER.<id>.CLIENT.AUTH.ERR`."""

    server: Server
    client: Party
    reason: str = ""


class BatchLeft(msgspec.Struct):
    """Of `$JS.EVENT.ADVISORY.STREAM.BATCH_ABANDONED.<stream>`; it doesn't say who began the batch."""

    stream: str
    batch: str
    reason: str


class ApiCall(msgspec.Struct):
    """Of `$JS.EVENT.ADVISORY.API`."""

    client: Party
    subject: str


class Amount(msgspec.Struct):
    msgs: int = 0
    bytes: int = 0


class AccountStat(msgspec.Struct):
    """`received`: by the server, from the account; `sent`: to it."""

    acc: str
    conns: int = 0
    sent: Amount = msgspec.field(default_factory=Amount)
    received: Amount = msgspec.field(default_factory=Amount)
    slow_consumers: int = 0


class Statz(msgspec.Struct):
    """Every account with a connection."""

    account_statz: list[AccountStat] = []


class StatzAnswer(msgspec.Struct):
    """Of `$SYS.REQ.ACCOUNT.PING.STATZ`."""

    server: Server
    data: Statz = msgspec.field(default_factory=Statz)


class MetaCluster(msgspec.Struct):
    leader: str = ""


class JszConfig(msgspec.Struct):
    """`max_storage`: bytes that the streams may take."""

    max_storage: int = 0


class Jsz(msgspec.Struct):
    """Of `$SYS.REQ.SERVER.<id>.JSZ`: one server's JetStream; `storage`: bytes that its streams take."""

    storage: int = 0
    config: JszConfig = msgspec.field(default_factory=JszConfig)
    meta_cluster: MetaCluster | None = None
