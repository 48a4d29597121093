"""Who asks: read from what came with a question, over the hub or over HTTP. Whoever proves nothing is nobody.

Signatures are checked first, without the database; then, in the domain's thread, whether an account of our own is still
open. Accounts of other committees are their homes' affair: we see their tokens, which live five minutes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sync.bus.rpc import PROOF, TOKEN
from sync.contract import jose
from sync.contract.errors import Code, Refusal
from sync.contract.instants import day_of
from sync.contract.trust import proofs
from sync.contract.trust.directory import Directory
from sync.contract.trust.proofs import ProofReader
from sync.contract.trust.tokens import Claims, TokenReader, bearer_of
from tenant_service.identity import accounts, deputies, grants, sessions
from tenant_service.identity.accounts import Account
from tenant_service.identity.actor import Actor, actor_of, nobody
from tenant_service.identity.granted import Granted, at_userinfo
from tenant_service.identity.sessions import Lifetimes, Session
from tenant_service.storage.unit_of_work import Clock, Unit, Units


@dataclass(frozen=True)
class Asker:
    """Whoever asks, as far as signatures tell. `claims` is None for nobody; `gateway` is empty over HTTP."""

    claims: Claims | None = None
    gateway: str = ""


@dataclass(frozen=True)
class SignedIn:
    """A browser of one of our own, with the account as it stands now."""

    actor: Actor
    session: Session
    username: str


class Callers:
    """Tells who asks this committee. One for the whole process: it remembers which proofs it has seen."""

    def __init__(
        self, committee: str, units: Units, directory: Callable[[], Directory], clock: Clock, lifetimes: Lifetimes
    ) -> None:
        self.committee, self.units, self.directory = committee, units, directory
        self.lifetimes = lifetimes
        self._clock = clock
        self._tokens, self._proofs = TokenReader(committee, Granted), ProofReader(committee)
        self._at_userinfo = TokenReader(at_userinfo(committee), Granted)

    # ── what signatures tell ──

    def over_rpc(self, headers: Mapping[str, str], body: bytes, *, alone: bool = False) -> Asker:
        """Who asks through which gateway. `alone`: the proof must be for us and nobody else.

        Raises:
            Refusal: BAD_PROOF, always needed; BAD_TOKEN, also one that is bound to no gateway; UNKNOWN_ISSUER;
                DIRECTORY_EXPIRED, for people of others.
        """
        directory, now = self.directory(), self._now()
        token, proof = headers.get(TOKEN, ""), headers.get(PROOF, "")
        claims = self._tokens.accept(token, directory, now) if token else None
        if claims is not None and not claims.cnf:  # a bearer token: whoever has seen it could have it proven
            raise Refusal(Code.BAD_TOKEN)
        gateway = self._proofs.accept(proof, body, token, claims, directory, now, alone=alone)
        self._refuse_strangers(claims, directory, now, gateway)
        return Asker(claims, gateway)

    def over_http(self, authorization: str | None) -> Asker | None:
        """Who asks with a bearer token; None without one: then a cookie may tell.

        Raises:
            Refusal: BAD_TOKEN, also one bound to a gateway, which has no business here; UNKNOWN_ISSUER;
                DIRECTORY_EXPIRED.
        """
        token = bearer_of(authorization)
        if token is None:
            return None
        directory, now = self.directory(), self._now()
        claims = self.claims(token)
        if claims.cnf:
            raise Refusal(Code.BAD_TOKEN)
        self._refuse_strangers(claims, directory, now)
        return Asker(claims)

    def claims(self, token: str) -> Claims:
        """What a token says that is in force and for us; whoever brings it need not be who it speaks for.

        Raises:
            Refusal: BAD_TOKEN, UNKNOWN_ISSUER.
        """
        return self._tokens.accept(token, self.directory(), self._now())

    def granted(self, authorization: str | None) -> Granted:
        """What an application's access token says that opens `/userinfo`.

        Raises:
            Refusal: NOT_SIGNED_IN, there is none; BAD_TOKEN, UNKNOWN_ISSUER.
        """
        token = bearer_of(authorization)
        if token is None:
            raise Refusal(Code.NOT_SIGNED_IN)
        claims = self._at_userinfo.accept(token, self.directory(), self._now())
        if not isinstance(claims, Granted) or claims.iss != self.committee or not claims.grant:
            raise Refusal(Code.BAD_TOKEN)
        return claims

    def proving_key(self, headers: Mapping[str, str], gateway: str) -> str:
        """Thumbprint of the key in the directory by which the gateway made its proof; call after `over_rpc`.

        Raises:
            Refusal: BAD_PROOF.
        """
        for key in self.directory().keys(gateway, "request", self._now()):
            try:
                jose.opened(proofs.TYPE, headers.get(PROOF, ""), key)
            except jose.Untrusted:
                continue
            return jose.thumbprint(key)
        raise Refusal(Code.BAD_PROOF)

    # ── what the database tells, in the domain's thread ──

    def actor(self, unit: Unit, asker: Asker) -> Actor:
        """Who asks, with the roles of today if it is one of our own.

        Raises:
            Refusal: SIGN_IN_ENDED, our own account was closed, signed out everywhere or got other roles, or took back
                what it had let an application do.
        """
        claims = asker.claims
        if claims is None:
            return nobody(self.committee)
        if claims.iss != self.committee:
            return actor_of(claims, self.committee, self.directory())
        return self._with_grants(unit, self.own_account(unit, claims).actor(self.committee))

    def own_account(self, unit: Unit, claims: Claims) -> Account:
        """The account that a token of our own speaks for. Raises: Refusal SIGN_IN_ENDED."""
        account = accounts.by_id(unit, claims.sub)
        if account is None or claims.iat < account.tokens_from:
            raise Refusal(Code.SIGN_IN_ENDED)
        if isinstance(claims, Granted) and claims.grant and grants.by_id(unit, claims.grant) is None:
            raise Refusal(Code.SIGN_IN_ENDED)
        return account

    def signed_in(self, cookie: str | None) -> SignedIn | None:
        """Whose browser it is, and that it was active now; None when it is nobody's, or not any more."""
        if not cookie:
            return None
        with self.units.read() as unit:
            found = self.browser(unit, cookie)
        self.was_active(found)
        return found

    def browser(self, unit: Unit, cookie: str | None) -> SignedIn | None:
        """Whose browser it is; None when it is nobody's, or not any more."""
        session = sessions.by_cookie(unit, cookie, self.lifetimes) if cookie else None
        account = accounts.by_id(unit, session.account_id) if session else None
        if session is None or account is None:
            return None
        actor = self._with_grants(unit, account.actor(self.committee))
        return SignedIn(actor, session, account.username)

    def _with_grants(self, unit: Unit, actor: Actor) -> Actor:
        """With what was left to the account for today to sign."""
        return replace(actor, signs_for=deputies.signs_for(unit.session, actor.sub, day_of(self._clock())))

    def was_active(self, found: SignedIn | None) -> None:
        """The browser was active now, which is written down now and then; no view is open meanwhile."""
        if found and found.session.is_due:
            with self.units.write() as unit:
                sessions.notice(unit, found.session)

    def _refuse_strangers(self, claims: Claims | None, directory: Directory, now: int, gateway: str = "") -> None:
        """With an expired directory nobody knows who has been suspended meanwhile, the gateway in between included; our
        own people we know ourselves.
        """
        if claims is not None and claims.iss == self.committee:
            return
        needed = [claims.iss if claims else self.committee, *([gateway] if gateway else ())]
        if any(directory.has_expired(each, now) for each in needed):
            raise Refusal(Code.DIRECTORY_EXPIRED)

    def _now(self) -> int:
        return int(self._clock().timestamp())


def cookie_name(committee: str, *, is_https: bool) -> str:
    """The session cookie's name; it carries the committee's id, because cookies ignore ports.

    `__Host-` binds it to this host and to TLS; browsers refuse it over plain HTTP, as in a demo.
    """
    return f"__Host-liandong-{committee}" if is_https else f"liandong-{committee}"
