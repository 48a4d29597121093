"""Asks at every door of the federation, as everybody, and brings whatever comes back."""

import re
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import httpx2
import orjson

from gateway.joint import Joint
from gateway.schema import joint_sdl
from sync.bus.rpc import OVER_HTTP, PROOF, TOKEN
from sync.contract import jose
from sync.contract.trust import proofs
from sync.contract.trust.tokens import FEDERATION, Claims, issued
from sync.edge.key_files import key_in
from tenant_service.graphql import schema as tenant_schema
from tenant_service.identity.keys import keys_in
from tests.canaries import documents
from tests.canaries.planted import Planted

PASSWORD = "liandong-demo"
_SHORT = 15
"""Cookies up to this length are choices, such as a language."""
JOINT = Joint(joint_sdl())
_LINK = re.compile(r'(?:href|src|action|data-stream)="([^"#]+)')
_ID = re.compile(r"[0-9]{6}(r[2-9])?\.[a-z_]+\.[0-9a-f]{32}")


@dataclass(frozen=True)
class Asker:
    """Somebody of `home` in a role there; of nowhere: everybody."""

    home: str = ""
    role: str = ""

    @property
    def who(self) -> str:
        """As docs/policy.md calls them."""
        if not self.home:
            return "everybody"
        return "office" if self.role in ("clerk", "chair", "secretary", "deputy_secretary", "street") else "others"


@dataclass(frozen=True)
class Answer:
    """What somebody was told, and what they had said."""

    asker: Asker
    where: str
    status: int
    body: bytes
    said: bytes = b""


@dataclass
class Asking:
    """One client for all.

    Attributes:
        given: The tokens that homes gave so far.
        sessions: Cookies of browsers so far.
    """

    planted: Planted
    client: httpx2.Client = field(default_factory=lambda: httpx2.Client(timeout=60))
    given: dict[Asker, str] = field(default_factory=dict)
    sessions: set[tuple[Asker, str]] = field(default_factory=set)

    # ── tokens ──

    def token(self, asker: Asker) -> str:
        """As the asker's own home gives it for the gateway."""
        if asker not in self.given:
            asked = {"username": asker.role, "password": PASSWORD, "gateways": [self.planted.told["gateway"]["id"]]}
            answer = self.client.post(f"{self.planted.url(asker.home)}/token", json=asked)
            self.given[asker] = answer.json()["token"]
        return self.given[asker]

    def minted(self, asker: Asker, *aud: str, cnf: str = "", life: int = 600) -> str:
        """As a home makes it that means harm: for whom it likes, of an account that there is not."""
        now = int(time.time())
        claims = Claims(
            iss=asker.home, sub=f"{asker.home}.account.{uuid.uuid4().hex}", roles=[asker.role], aud=list(aud),
            iat=now - max(0, -life), exp=now + life, jti=uuid.uuid4().hex, cnf=cnf,
        )  # fmt: skip
        return issued(claims, keys_in(self.planted.folder / "committees" / asker.home / "keys").token)

    # ── GraphQL ──

    def at_the_gateway(self, asker: Asker, document: str, token: str | None = None) -> Answer:
        told = token if token is not None else self.token(asker) if asker.home else ""
        headers = {"authorization": f"Bearer {told}"} if told else {}
        return self._post(asker, "the gateway", f"{self.planted.gateway}/graphql", document, headers)

    def at_the_committee(self, asker: Asker, owner: str, document: str, token: str | None = None) -> Answer:
        told = token if token is not None else self.minted(asker, owner) if asker.home else ""
        headers = {"authorization": f"Bearer {told}"} if told else {}
        return self._post(asker, f"{owner} over HTTP", f"{self.planted.url(owner)}/graphql", document, headers)

    def by_rpc(self, asker: Asker, owner: str, document: str, token: str | None = None) -> Answer:
        """As a gateway asks that means harm: with a proof of its own and a token that the asker's home made for it."""
        key, gateway = key_in(self.planted.folder / "gateway" / "request.jwk"), self.planted.told["gateway"]["id"]
        body = orjson.dumps({"query": document, "variables": {}})
        if token is None:
            token = self.minted(asker, FEDERATION, cnf=jose.thumbprint(key)) if asker.home else ""
        proof = proofs.proof(gateway, [owner], body, token, uuid.uuid4().hex, int(time.time()), key)
        headers = {OVER_HTTP[PROOF]: proof} | ({OVER_HTTP[TOKEN]: token} if token else {})
        answer = self.client.post(f"{self.planted.url(owner)}/rpc/graphql", content=body, headers=headers)
        return Answer(asker, f"rpc of {owner}: {document[:60]}", answer.status_code, answer.content, body)

    def _post(self, asker: Asker, where: str, url: str, document: str, headers: dict[str, str]) -> Answer:
        answer = self.client.post(url, json={"query": document}, headers=headers)
        told = b"".join(f"{name}: {value}\n".encode() for name, value in answer.headers.items())
        return Answer(asker, f"{where}: {document[:60]}", answer.status_code, told + answer.content, document.encode())

    def walk(self, asker: Asker, owner: str) -> Iterator[Answer]:
        """Every field of the schema, at every door behind which the owner's records are."""
        kept = documents.ids_of(self.planted.markers, owner)
        for document in documents.documents(tenant_schema._schema, "query", kept):
            yield self.by_rpc(asker, owner, document)
        for document in documents.documents(tenant_schema._schema, "query", kept, deep=1):
            yield self.at_the_committee(asker, owner, document)
        for document in documents.documents(JOINT.schema, "query", kept, deep=1, together=6):
            yield self.at_the_gateway(asker, document)

    # ── pages and files ──

    def browser(self, asker: Asker, base: str) -> httpx2.Client:
        """Signed in at home, and by it at the gateway where that is `base`."""
        client = httpx2.Client(timeout=60, follow_redirects=True, headers={"sec-fetch-site": "same-origin"})
        if asker.home:
            home = self.planted.url(asker.home)
            asked = {"username": asker.role, "password": PASSWORD}
            client.post(f"{home}/sign-in", data=asked, headers={"origin": home})
            if base == self.planted.gateway:
                client.get(f"{base}/sign-in/{asker.home}")
            self.sessions |= {
                (asker, each.value) for each in client.cookies.jar if each.value and len(each.value) > _SHORT
            }
        return client

    def pages_after_sign_out(self, asker: Asker) -> Iterator[Answer]:
        """What a browser of home is shown whose session has ended, though it still shows its cookie."""
        base = self.planted.url(asker.home)
        with closing(self.browser(asker, base)) as client:
            cookies, page = dict(client.cookies), client.get(f"{base}/password").text
            [csrf] = set(re.findall(r'name="csrf" value="([^"]+)"', page))
            client.post(f"{base}/sign-out", data={"csrf": csrf}, headers={"origin": base})
            client.cookies.update(cookies)
            for path in FIRST:
                yield _got(client, Asker(), base, path)

    def pages(self, asker: Asker, base: str, alike: int = 8) -> Iterator[Answer]:
        """Every page and file of a site that is linked from another one, from the first page on; and what is there for
        programs. Of pages of one shape, such as one list by other filters, so many as `alike` says.
        """
        todo = list(FIRST)
        if base == self.planted.gateway:
            todo += [f"/export/{name}.{end}" for name in (*JOINT.lists, "statistics") for end in ("csv", "xlsx")]
        seen, counted = set(todo), dict[str, int]()
        with closing(self.browser(asker, base)) as client:
            while todo:
                answer = _got(client, asker, base, todo.pop(0))
                yield answer
                for link in _LINK.findall(answer.body.decode(errors="ignore")) if b"<html" in answer.body[:500] else ():
                    to = urlsplit(urljoin(answer.where, link.replace("&amp;", "&")))
                    shape = _ID.sub("ID", to.path) + ("?" if to.query else "")
                    told = to.path + (f"?{to.query}" if to.query else "")
                    if f"{to.scheme}://{to.netloc}" != base or told in seen or counted.get(shape, 0) >= alike:
                        continue
                    seen.add(told)
                    counted[shape] = counted.get(shape, 0) + 1
                    todo.append(told)


def _got(client: httpx2.Client, asker: Asker, base: str, path: str) -> Answer:
    """A page or a file, and the heads of either; what a stream tells is the listeners' to hear."""
    with client.stream("GET", base + path, headers={"connection": "close"}) as answer:
        is_stream = answer.headers.get("content-type", "").startswith("text/event-stream")
        body = b"" if is_stream else answer.read()
        told = b"".join(f"{name}: {value}\n".encode() for name, value in answer.headers.items())
        if b"<html" not in body[:500]:
            body = body if body[:2] in (b"PK", b"\x1f\x8b") else told + body
        return Answer(asker, base + path, answer.status_code, body, path.encode())


FIRST = (
    "/", "/livez", "/readyz", "/metrics", "/search?q=金丝雀", "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server", "/members/roster", "/members/export.csv", "/members/export.xlsx",
    "/personal", "/personal/mine", "/audit", "/audit.csv", "/audit.jsonl", "/audit/heads", "/exchange", "/requests",
    "/health", "/m", "/activities/new", "/venues/new",
)  # fmt: skip
"""Where a walk begins; not every site has each, and not everybody is shown it."""
