"""What each party may do on the hub: one account each, and service imports only.

    HUB        JetStream, the logs' subjects; exports single subjects of its API and never the API
    committee  imports: its own logs and their heads, its own consumers, those it may ask for rows, the directory
               exports: questions to it (imported by gateways alone), asks for rows (by the asker's own name alone)
    gateway    imports: questions to committees, the directory

A service import rewrites the reply subject, so naming `$JS.API.STREAM.DELETE.…` or another's log as a reply leads
nowhere; with one shared account it deleted streams. And there is no subject of another's to publish to.
"""

from sync.bus.credentials import Claims, account_claims, service_export, service_import
from sync.bus.streams import DIRECTORY, Wanted, boot_of, question_of, stream_of
from sync.contract.ids import path_of

_NEXT, _ACK, _HEAD = "$JS.API.CONSUMER.MSG.NEXT", "$JS.ACK", "$JS.API.DIRECT.GET"


def hub() -> Claims:
    return account_claims(
        jetstream=True,
        exports=[
            service_export("sh.*.*.*.*"),
            service_export(f"{_NEXT}.*.*", many_answers=True),
            service_export(f"{_ACK}.*.*.>"),
            service_export(f"{_HEAD}.*.sh.*.*.*.*"),
            service_export(DIRECTORY),
        ],
    )


def committee(id: str, want: Wanted, hub_account: str, accounts: dict[str, str]) -> Claims:
    """`accounts`: committee → public account key."""
    logs = f"sh.{path_of(id)}.*"
    own = [DIRECTORY, logs, f"{_HEAD}.{stream_of(id)}.{logs}"]
    for stream in sorted({stream_of(log) for log in want.follows.get(id, ())}):
        for consumer in (id, boot_of(id)):
            own += [f"{_NEXT}.{stream}.{consumer}", f"{_ACK}.{stream}.{consumer}.>"]
    asked = sorted(each for each in want.asks.get(id, ()) if each in accounts)
    return account_claims(
        exports=[service_export(f"rpc.{id}.>"), service_export(question_of(id, "*"))],
        imports=[service_import(each, hub_account) for each in own]
        + [service_import(question_of(each, id), accounts[each]) for each in asked],
    )


def gateway(hub_account: str, accounts: dict[str, str]) -> Claims:
    """`accounts`: the committees it may ask → their public account keys."""
    return account_claims(
        imports=[service_import(DIRECTORY, hub_account)]
        + [service_import(f"rpc.{id}.>", key) for id, key in sorted(accounts.items())]
    )
