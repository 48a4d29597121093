"""Tokens that this committee signs for its own users."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import msgspec
import uuid_utils
from joserfc.jwk import ECKey

from sync.contract.asking import gateway_sign_in
from sync.contract.errors import Code, Refusal
from sync.contract.trust import tokens
from sync.contract.trust.directory import Directory
from sync.contract.trust.tokens import FEDERATION, LONGEST, Claims
from tenant_service.identity.accounts import Account
from tenant_service.identity.clients import Access
from tenant_service.identity.granted import Granted, at_userinfo
from tenant_service.identity.grants import Grant
from tenant_service.identity.policy import Role


@dataclass(frozen=True)
class Issued:
    """A token, and how many seconds from now it lives."""

    token: str
    expires_in: int


@dataclass(frozen=True)
class Issuer:
    """Signs tokens.

    Attributes:
        newest: The newest key for them; `older`: those before it.
        seconds: How long an API token lives, at most 900.
        directory: By which others know our keys; None: the newest signs, whoever knows it.
    """

    committee: str
    newest: ECKey
    seconds: int = LONGEST
    older: Sequence[ECKey] = ()
    directory: Callable[[], Directory] | None = None

    def key(self, now: dt.datetime) -> ECKey:
        """The newest that others take now: a key that was just made signs when the directory shows it as in force."""
        if self.directory is None:
            return self.newest
        own = [self.newest, *self.older]
        return self.directory().newest_shown(self.committee, "token", own, int(now.timestamp()))

    def keys(self, now: dt.datetime) -> list[ECKey]:
        """All by which a token of ours may be signed that counts: those that the directory shows as in force, newest
        first, and last a new one that it does not show yet.
        """
        own = [self.newest, *self.older]
        shown = self._shown(None)
        if not shown:
            return own
        in_force = self._shown(int(now.timestamp()))
        coming = [self.newest] if self.newest.kid not in shown else []
        return [each for each in own if each.kid in in_force] + coming

    def is_believed(self, now: dt.datetime) -> bool:
        """Whether others take what is signed now: the directory shows this committee as active, and does not void what
        it issues until later.
        """
        if self.directory is None:
            return True
        directory = self.directory()
        listed = directory.entries.get(self.committee)
        return listed is None or (directory.is_active(self.committee) and now.timestamp() >= listed.nbf_tokens)

    def _shown(self, now: int | None) -> set[str | None]:
        told = self.directory().keys(self.committee, "token", now) if self.directory else []
        return {key.kid for key in told}

    def api_token(self, account: Account, gateways: Iterable[str], directory: Directory, now: dt.datetime) -> Issued:
        """A token for this committee and the gateways that are named.

        Raises:
            Refusal: PASSWORD_CHANGE_NEEDED; UNKNOWN_COMMITTEE, a name is not an active gateway's.
        """
        named = list(dict.fromkeys(gateways))
        for each in named:
            active_gateway(directory, each)
        return self._issued(account, [self.committee, *named], "", self.seconds, now)

    def gateway_token(self, account: Account, cnf: str, now: dt.datetime) -> Issued:
        """A token that only the gateway whose key has the thumbprint `cnf` can use, at every committee.

        Raises:
            Refusal: PASSWORD_CHANGE_NEEDED.
        """
        return self._issued(account, [FEDERATION], cnf, min(self.seconds, gateway_sign_in.LIVES), now)

    def access_token(self, account: Account, grant: Grant, scope: str, now: dt.datetime) -> Issued:
        """A token for the application that holds `grant`, for what `scope` names.

        Raises:
            Refusal: PASSWORD_CHANGE_NEEDED.
        """
        audience = [at_userinfo(self.committee)]
        if Access.API.value in scope.split():
            audience.append(self.committee)
        claims, seconds = self._claims(account, audience, min(self.seconds, gateway_sign_in.LIVES), now)
        told = Granted(**msgspec.structs.asdict(claims), client=grant.client, scope=scope, grant=grant.id)
        return Issued(tokens.issued(told, self.key(now)), seconds)

    def _issued(self, account: Account, audience: list[str], cnf: str, seconds: int, now: dt.datetime) -> Issued:
        claims, seconds = self._claims(account, audience, seconds, now, cnf)
        return Issued(tokens.issued(claims, self.key(now)), seconds)

    def _claims(
        self, account: Account, audience: list[str], seconds: int, now: dt.datetime, cnf: str = ""
    ) -> tuple[Claims, int]:
        """What the token says, and how many seconds it lives. Raises: Refusal PASSWORD_CHANGE_NEEDED."""
        if account.must_change:
            raise Refusal(Code.PASSWORD_CHANGE_NEEDED)
        moment = max(int(now.timestamp()), account.tokens_from)
        claims = Claims(
            iss=self.committee, sub=account.id, roles=[role.value for role in Role if role in account.roles],
            aud=audience, iat=moment, exp=moment + seconds, jti=uuid_utils.uuid7().hex, name=account.name,
            person=account.person, cnf=cnf,
        )  # fmt: skip
        return claims, seconds


def active_gateway(directory: Directory, id: str) -> str:
    """Where this gateway takes returning browsers; empty when it lets nobody sign in.

    Raises:
        Refusal: UNKNOWN_COMMITTEE, the directory shows no active gateway of this id.
    """
    found = directory.entries.get(id)
    if found is None or found.kind != "gateway" or not directory.is_active(id):
        raise Refusal(Code.UNKNOWN_COMMITTEE, id=id[:40])
    return found.login_url or ""
