"""Applications that people sign in to through this committee. The system administrator registers them.

None of them has a secret. One with a key proves by it who it is (private_key_jwt); one without, on somebody's own
machine, proves nothing, and PKCE alone ties its codes to whoever began.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
from joserfc.jwk import ECKey
from sqlalchemy import select

from sync.contract import jose
from sync.contract.errors import Code, Refusal, Said
from sync.contract.kinds import Kind
from sync.edge.shell.words import say
from tenant_service import wording
from tenant_service.identity import audit, redirects
from tenant_service.identity.actor import Actor
from tenant_service.identity.models import ClientRow
from tenant_service.identity.policy import UseCase
from tenant_service.storage.unit_of_work import Unit

_LONGEST_NAME, _LONGEST_KEYS, _MOST_REDIRECTS, _MOST_KEYS = 60, 10_000, 10, 5


class Access(Kind):
    """授权范围: what an application may ask for."""

    OPENID = "openid", say("确认您是谁（账号编号）")
    PROFILE = "profile", say("您的姓名和用户名")
    ROLES = "roles", say("您在本会的角色")
    API = "api", say("以您的身份查询和办理业务")
    OFFLINE = "offline_access", say("在您关闭浏览器之后继续使用")


@dataclass(frozen=True)
class Client:
    """An application as it is registered."""

    id: str
    name: str
    redirects: tuple[str, ...]
    scopes: tuple[Access, ...]
    keys: tuple[ECKey, ...]
    is_own: bool
    created_at: dt.datetime


@dataclass(frozen=True)
class Draft:
    """An application as the administrator describes it. `keys`: a public JWK or JWK set, as JSON."""

    name: str
    redirects: tuple[str, ...]
    scopes: tuple[Access, ...] = (Access.OPENID, Access.PROFILE)
    keys: str | None = None
    is_own: bool = False


def register(unit: Unit, actor: Actor, draft: Draft) -> Client:
    """People can sign in to the application through this committee.

    Raises:
        Refusal: FORBIDDEN, BAD_VALUE, BAD_REDIRECT, BAD_CLIENT_KEY.
    """
    actor.require(UseCase.MANAGE_CLIENTS)
    back = list(dict.fromkeys(redirects.checked(each) for each in draft.redirects))
    if not 0 < len(back) <= _MOST_REDIRECTS:
        why = Said(f"须有1至{_MOST_REDIRECTS}个", f"1 to {_MOST_REDIRECTS} of them are needed")
        raise Refusal(Code.BAD_REDIRECT, why=why)
    if not draft.scopes:
        raise Refusal(Code.BAD_VALUE, field="scopes", why=Said("至少选一项", "choose one at least"))
    keys = _keys(draft.keys) if draft.keys else ()
    row = ClientRow(
        id=unit.new_id("client"), name=wording.text("name", draft.name, _LONGEST_NAME),
        redirects=back, scopes=[each.value for each in Access if each in draft.scopes],
        keys=msgspec.json.encode([jose.public(key) for key in keys]).decode() if keys else None,
        is_own=draft.is_own, created_at=unit.now,
    )  # fmt: skip
    unit.session.add(row)
    unit.session.flush()
    audit.note(unit, actor, "client.register", row.id)
    return _shown(row)


def remove(unit: Unit, actor: Actor, id: str) -> None:
    """Nobody can sign in to the application any more, and whatever it holds is void.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND.
    """
    actor.require(UseCase.MANAGE_CLIENTS)
    row = unit.session.get(ClientRow, id)
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    unit.session.delete(row)
    unit.session.flush()
    audit.note(unit, actor, "client.remove", id)


def listed(unit: Unit, actor: Actor) -> list[Client]:
    """Every application, newest last.

    Raises:
        Refusal: FORBIDDEN.
    """
    actor.require(UseCase.MANAGE_CLIENTS)
    return [_shown(row) for row in unit.session.scalars(select(ClientRow).order_by(ClientRow.id))]


def by_id(unit: Unit, id: str) -> Client | None:
    """The application that says it is this one; whether it is, its key tells."""
    row = unit.session.get(ClientRow, id)
    return _shown(row) if row is not None else None


def names(unit: Unit, ids: Iterable[str]) -> dict[str, str]:
    """What the applications of these ids are called."""
    wanted = select(ClientRow.id, ClientRow.name).where(ClientRow.id.in_(list(ids)))
    return {id: name for id, name in unit.session.execute(wanted)}  # noqa: C416 — a row is no pair to `dict`


def _shown(row: ClientRow) -> Client:
    """Scopes that this release does not know give nothing."""
    keys = msgspec.json.decode(row.keys, type=list[dict[str, Any]]) if row.keys else []
    return Client(
        row.id, row.name, tuple(row.redirects), tuple(each for code in row.scopes if (each := Access.known(code))),
        tuple(jose.read_key(each) for each in keys), row.is_own, row.created_at,
    )  # fmt: skip


def _keys(told: str) -> tuple[ECKey, ...]:
    """Raises: Refusal BAD_CLIENT_KEY, also for a private key: whoever registers it should not have it."""
    try:
        read = msgspec.json.decode(told[:_LONGEST_KEYS], type=dict[str, Any])
        keys = tuple(jose.read_key(each) for each in read.get("keys", [read]))
    except (msgspec.DecodeError, jose.Untrusted, TypeError, ValueError):
        raise Refusal(Code.BAD_CLIENT_KEY) from None
    if not 0 < len(keys) <= _MOST_KEYS or any(key.is_private for key in keys):
        raise Refusal(Code.BAD_CLIENT_KEY)
    return keys
