"""One whole committee as a process of its own, with its database and accounts but no line to any hub; and people who
sign in there and ask over HTTP.

A county works on while the line is cut, so a scene that is about one committee needs nothing else.
"""

import json
import signal
import subprocess
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from sync.contract import jose
from sync.contract.levels import Level
from sync.contract.shapes.members import BodyKind
from sync.contract.trust.directory import Contents, Listed
from tenant_service.committee import open_committee
from tenant_service.identity import accounts, passwords
from tenant_service.identity.accounts import Draft
from tenant_service.identity.actor import Actor
from tenant_service.identity.keys import keys_in
from tenant_service.identity.policy import Role
from tenant_service.members import body_service
from tenant_service.members import service as members
from tenant_service.members.body_service import BodyDraft
from tenant_service.members.service import PersonDraft
from tenant_service.settings import read
from tenant_service.storage.unit_of_work import Unit
from tests.directories import signed
from tests.federation.demos import liandong
from tests.gateway.federation import free_port
from tests.migrated import migrated
from tests.tenant_service.browsing import Browser
from tests.waiting import until

PASSWORD = "xiang-shang-2026"
AT_ONCE = 10
"""Acts in one document: what a request may ask for is bounded."""


@dataclass
class Act:
    """One mutation: its name and its arguments with the types that the schema gives them."""

    name: str
    types: str
    told: dict[str, Any]
    select: str = "id"

    def written(self, alias: str) -> tuple[str, dict[str, Any]]:
        """The field of a document, its variables told apart by the alias."""
        arguments = ", ".join(f"{each}: ${alias}_{each}" for each in ("key", *self.told))
        variables = {f"{alias}_{each}": value for each, value in (self.told | {"key": uuid.uuid4().hex}).items()}
        return f"{alias}: {self.name}({arguments}) {{ {self.select} }}", variables

    def declared(self, alias: str) -> str:
        return f"${alias}_key: ID!, " + self.types.replace("$", f"${alias}_")


@dataclass
class Committee:
    """A running committee, as people reach it."""

    id: str
    url: str
    _client: httpx2.Client
    _browsers: ExitStack
    _tokens: dict[str, str] = field(default_factory=dict)

    def ask(self, who: str, document: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
        """The whole answer; of nobody in particular where `who` is empty."""
        signed_in = {"authorization": f"Bearer {self._token(who)}"} if who else {}
        answer = self._client.post(
            f"{self.url}/graphql", json={"query": document, "variables": variables or {}}, headers=signed_in
        )
        found: dict[str, Any] = answer.json()
        return found

    def data(self, who: str, document: str, **variables: Any) -> dict[str, Any]:
        answer = self.ask(who, document, variables)
        assert "errors" not in answer, answer["errors"]
        found: dict[str, Any] = answer["data"]
        return found

    def act(self, who: str, name: str, types: str, select: str = "id", **told: Any) -> Any:
        return self.acts(who, [Act(name, types, told, select)])[0]

    def acts(self, who: str, acts: Iterable[Act]) -> list[Any]:
        """What each answers, done one after the other."""
        rest, done = list(acts), list[Any]()
        while some := rest[:AT_ONCE]:
            del rest[:AT_ONCE]
            fields, variables = [], dict[str, Any]()
            for number, each in enumerate(some):
                text, told = each.written(f"a{number}")
                fields.append(text)
                variables |= told
            types = ", ".join(each.declared(f"a{number}") for number, each in enumerate(some))
            answer = self.data(who, f"mutation ({types}) {{ {' '.join(fields)} }}", **variables)
            done += [answer[f"a{number}"] for number in range(len(some))]
        return done

    def refused(self, who: str, name: str, types: str, **told: Any) -> dict[str, Any]:
        """How the act is refused: the error's `extensions`."""
        text, variables = Act(name, types, told).written("a0")
        answer = self.ask(who, f"mutation ({Act(name, types, told).declared('a0')}) {{ {text} }}", variables)
        found: dict[str, Any] = answer["errors"][0]["extensions"]
        return found

    def browser(self, who: str = "") -> Browser:
        """Somebody's browser at its site, signed in; nobody's, who has no account, where nobody is named."""
        origin = {"origin": self.url}
        client = httpx2.Client(base_url=self.url, headers=origin, timeout=60, follow_redirects=True)
        # A client over the network is asked like one in the process.
        opened = Browser(self._browsers.enter_context(client))  # type: ignore[arg-type]
        if who:
            told = client.post("/sign-in", data={"username": who, "password": PASSWORD}, follow_redirects=False)
            assert told.status_code == 303, told.text
        return opened

    def _token(self, who: str) -> str:
        if who not in self._tokens:
            told = self._client.post(f"{self.url}/token", json={"username": who, "password": PASSWORD})
            self._tokens[who] = told.json()["token"]
        return self._tokens[who]


@contextmanager
def serving(
    folder: Path, id: str, name: str, opened: Callable[[Unit], Iterable[Draft]],
    tables: Mapping[str, Mapping[str, Any]] | None = None,
) -> Iterator[Committee]:  # fmt: skip
    """`liandong tenant serve` over a new database in which somebody has `opened` accounts; the process has ended
    afterwards. `tables`: of its settings, besides what every committee has.
    """
    port = free_port()
    _founded(folder, id, name, port, tables or {})
    _open_accounts(folder, id, opened)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(liandong("tenant", "serve"), cwd=folder, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        with httpx2.Client(timeout=60) as client, ExitStack() as browsers:
            until(lambda: _answers(client, url) or process.poll() is not None, within=60, what="it serves")
            assert process.poll() is None, (folder / "log").read_text()
            yield Committee(id, url, client, browsers)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        finally:
            process.kill()


def _founded(folder: Path, id: str, name: str, port: int, tables: Mapping[str, Mapping[str, Any]]) -> None:
    """Settings, keys, an empty database, and a directory of this committee alone."""
    root = jose.new_key()
    listed = Listed(id=id, name=name, level=Level.COUNTY, keys=keys_in(folder / "keys").public())
    contents = Contents(serial=1, issued_at=0, expires_at=2**40, entries=[listed])
    (folder / "directory.jws").write_text(signed(contents, root))
    (folder / "root.jwk").write_text(json.dumps(jose.public(root)))
    told = {
        "committee": id, "database": migrated(folder / "committee.db"), "http_port": port,
        "public_url": f"http://127.0.0.1:{port}", "hub": f"nats://127.0.0.1:{free_port()}",
    }  # fmt: skip
    lines = [f"{name} = {json.dumps(each)}" for name, each in told.items()]
    for table, values in tables.items():
        lines += [f"[{table}]", *(f"{name} = {json.dumps(each, ensure_ascii=False)}" for name, each in values.items())]
    (folder / "tenant.toml").write_text("\n".join(lines) + "\n")


def _open_accounts(folder: Path, id: str, opened: Callable[[Unit], Iterable[Draft]]) -> None:
    """As at the committee's own machine, before it serves; everybody has chosen a password."""
    hashed, founder = passwords.hashed(PASSWORD), accounts.founder(id)
    committee = open_committee(read(folder / "tenant.toml", {}))
    try:
        with committee.units.write() as unit:
            for each in opened(unit):
                accounts.create(unit, founder, each, hashed, must_change=False)
    finally:
        committee.close()


def body(unit: Unit, name: str) -> str:
    """Id of a body of this name, new on the list."""
    office = Actor(unit.committee, unit.committee, "office", roles=frozenset({Role.CLERK}))
    return body_service.add_body(unit, office, BodyDraft(name, BodyKind.DEPARTMENT)).id


def person(unit: Unit, name: str) -> str:
    """Id of a person of this name, new on the list."""
    office = Actor(unit.committee, unit.committee, "office", roles=frozenset({Role.CLERK}))
    return members.add_person(unit, office, PersonDraft(name=name)).id


def _answers(client: httpx2.Client, url: str) -> bool:
    try:
        return client.get(f"{url}/livez").status_code == 200
    except httpx2.TransportError:
        return False
