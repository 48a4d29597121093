"""What each party may do on the hub: one account each, and service imports only.

    HUB          JetStream, the logs' subjects; exports single subjects of its API and never the API
    committee    imports: its own logs and their heads, forgetting of its own events, its own consumers, asks for rows
                          in the provinces of those it may ask, in its own name alone, the directory
                 exports: questions to it (imported by gateways alone), asks for rows (by its switchboard alone)
    gateway      imports: questions to committees, the directory
    switchboard  one for all and one for each province; asks for rows go through both, and nobody connects to them

Asks go through switchboards because the server compares an account's imports with one another and loads all accounts
that they lead to: with an import for each one who may be asked, 3,200 committees did not fit into 23 GB. Two of them
lie in a row because it takes subjects that could name one's own account for a circle; the second knows other names.

A service import rewrites the reply subject, so naming `$JS.API.STREAM.DELETE.…` or another's log as a reply leads
nowhere; with one shared account it deleted streams. And there is no subject of another's to publish to.

The imports hold; the permissions beside them make whoever tries something else be refused in so many words, which the
server writes down and `sync.hub.watch` reads. They depend on a party's name alone, so a directory that has just changed
makes nobody's good question a violation: where there is no import any more, the answer is "nobody there", at once.
"""

from collections.abc import Mapping

from sync.bus.credentials import Claims, account_claims, permissions, service_export, service_import
from sync.bus.streams import (
    Wanted,
    asked_in,
    asked_of,
    asks_in,
    asks_renamed,
    boot_of,
    directory_of,
    erasure_of,
    stream_of,
)
from sync.contract.ids import path_of, province_of

_NEXT, _ACK, _HEAD = "$JS.API.CONSUMER.MSG.NEXT", "$JS.ACK", "$JS.API.DIRECT.GET"
_INBOX = "_INBOX.>"
_ANSWER_SECONDS = 60
"""As long as anybody waits for an answer (`sync.bus.rpc`)."""
_ASK_SECONDS = 10
"""The same for asks for rows and for the directory: what nobody answers is remembered by the server so long."""


def hub() -> Claims:
    return account_claims(
        jetstream=True,
        exports=[
            service_export("sh.*.*.*.*"),
            service_export(f"{_NEXT}.*.*", many_answers=True),
            service_export(f"{_ACK}.*.*.>"),
            service_export(f"{_HEAD}.*.sh.*.*.*.*"),
            service_export(directory_of("*"), answer_seconds=_ASK_SECONDS),
            service_export(erasure_of("*")),
        ],
    )


def committee(id: str, want: Wanted, hub_account: str, switchboard: str, accounts: Mapping[str, str]) -> Claims:
    """`accounts`: committee → public account key."""
    logs = f"sh.{path_of(id)}.*"
    own = [directory_of(id), erasure_of(id), logs, f"{_HEAD}.{stream_of(id)}.{logs}"]
    for stream in sorted({stream_of(log) for log in want.follows.get(id, ())}):
        for consumer in (id, boot_of(id)):
            own += [f"{_NEXT}.{stream}.{consumer}", f"{_ACK}.{stream}.{consumer}.>"]
    asked = sorted({province_of(each) for each in want.asks.get(id, ()) if each in accounts})
    answered = [f"rpc.{id}.>", asked_of(id)]
    return account_claims(
        exports=[service_export(f"rpc.{id}.>"), service_export(asked_of(id), answer_seconds=_ASK_SECONDS)],
        imports=[service_import(each, hub_account) for each in own]
        + [service_import(asks_in(province, id), switchboard) for province in asked],
        allowed=permissions(_in_the_name_of(id), [_INBOX, *answered], answer_seconds=_ANSWER_SECONDS),
    )


def _in_the_name_of(id: str) -> list[str]:
    """Where a committee may speak, if it imports what is there. A new import needs its subject here as well."""
    logs = f"sh.{path_of(id)}.*"
    own = [directory_of(id), erasure_of(id), logs, f"{_HEAD}.{stream_of(id)}.{logs}", asks_in("*", id)]
    for consumer in (id, boot_of(id)):
        own += [f"{_NEXT}.*.{consumer}", f"{_ACK}.*.{consumer}.>"]
    return own


def switchboard(provinces: Mapping[str, str]) -> Claims:
    """Takes everybody's asks, each in the asker's name, and hands them to the switchboard of the one who is asked.

    `provinces`: province's digits → public key of its switchboard.
    """
    return account_claims(
        exports=[service_export(asks_in("*", "*"), answer_seconds=_ASK_SECONDS)],
        imports=[
            service_import(asked_in(province), key, at=asks_renamed(province))
            for province, key in sorted(provinces.items())
        ],
        connects=False,
    )


def province_switchboard(province: str, accounts: Mapping[str, str]) -> Claims:
    """Hands asks to the committees of its province. `accounts`: these → their public account keys."""
    return account_claims(
        exports=[service_export(asked_in(province), answer_seconds=_ASK_SECONDS)],
        imports=[service_import(asked_of(id), key) for id, key in sorted(accounts.items())],
        connects=False,
    )


def by_province(accounts: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Province's digits → its committees → their public account keys."""
    found: dict[str, dict[str, str]] = {}
    for id, key in accounts.items():
        found.setdefault(province_of(id), {})[id] = key
    return found


def gateway(id: str, hub_account: str, accounts: dict[str, str]) -> Claims:
    """`accounts`: the committees it may ask → their public account keys."""
    return account_claims(
        imports=[service_import(directory_of(id), hub_account)]
        + [service_import(f"rpc.{id}.>", key) for id, key in sorted(accounts.items())],
        allowed=permissions([directory_of(id), "rpc.*.>"], [_INBOX]),
    )
