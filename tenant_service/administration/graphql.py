"""Accounts and roles in GraphQL. Accounts are opened, and passwords set, on the page and at the machine: no password
lies in a program's request.
"""

import datetime as dt
from functools import partial

import strawberry

from sync.contract.ids import Id
from sync.contract.visibility import Visible, visible
from tenant_service.administration import queries, service
from tenant_service.administration.queries import AccountState, Line, Wanted
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import plain
from tenant_service.graph.types import Home, contract_enum, shown
from tenant_service.identity import accounts
from tenant_service.identity.accounts import Account as Held
from tenant_service.identity.policy import Role

SUBJECT, TENANT = Visible.SUBJECT, Visible.TENANT
for each in (AccountState, Role):
    contract_enum(each)


@strawberry.type(description="An account of this committee.")
class Account:
    id: Id = visible(TENANT, "Global id; stands in the audit log.")
    username: str = visible(SUBJECT, "What it signs in with.")
    name: str = visible(SUBJECT, "Whose it is.")
    roles: list[Role] = visible(TENANT, "Roles it has.")
    state: AccountState = visible(TENANT, "How it stands.")
    signed_in_at: dt.datetime | None = visible(TENANT, "When it was signed in last; null: never.")
    locked_until: dt.datetime | None = visible(TENANT, "Until when its name is locked after failed tries.")
    person_id: Id | None = visible(TENANT, "Person, if it belongs to one of the list.")

    body_id: Id | None = visible(TENANT, "所属单位: body of the committee's list that its holder works for.")


@strawberry.input(description="Which accounts; everything given must hold.")
class AccountFilter:
    text: str = ""
    role: Role | None = None
    state: AccountState | None = None


@strawberry.type
class AdministrationQuery:
    @shown(TENANT, "账号: by user name, behind `after`, for this committee's administrators.", directives=[Home()])
    def accounts(
        self, info: Info, where: AccountFilter | None = strawberry.UNSET, first: int = 50, after: str = ""
    ) -> list[Account]:
        wanted = Wanted(where.text, where.role or None, where.state or None) if where else Wanted()
        found = queries.listed(info.context.unit, info.context.actor, wanted)
        return list(map(_told, queries.page(found, after, max(1, min(first, 200)))[0]))


@strawberry.type
class AdministrationMutation:
    @shown(TENANT, "授予、收回角色: the account has these roles and no others, and has to sign in again.")
    def give_roles(self, info: Info, key: Id, id: Id, roles: list[Role], reason: str) -> Account:
        context, chosen = info.context, frozenset(roles)
        act = partial(service.give_roles, actor=context.actor, id=id, roles=chosen, reason=reason)
        done = context.perform("giveRoles", key, plain(id=id, roles=roles, reason=reason), act, kept_as=Held)
        return _told(Line(done, None))

    @shown(TENANT, "变更所属单位: its holder works for this body of the list (null: for none), and signs in again.")
    def give_body(self, info: Info, key: Id, id: Id, reason: str, body_id: Id | None = strawberry.UNSET) -> Account:
        context = info.context
        act = partial(service.give_body, actor=context.actor, id=id, body=body_id or None, reason=reason)
        told = context.perform("giveBody", key, plain(id=id, reason=reason, body_id=body_id), act, kept_as=Held)
        return _told(Line(told, None))

    @shown(TENANT, "关闭账号: it is signed out everywhere and signs in no more.")
    def close_account(self, info: Info, key: Id, id: Id, reason: str) -> Account:
        context = info.context
        act = partial(accounts.close, actor=context.actor, id=id, reason=reason)
        done = context.perform("closeAccount", key, plain(id=id, reason=reason), act, kept_as=Held)
        return _told(Line(done, None))


def _told(line: Line) -> Account:
    held = line.account
    return Account(
        id=Id(held.id), username=held.username, name=held.name, state=line.state, signed_in_at=held.signed_in_at,
        roles=[role for role in Role if role in held.roles], locked_until=line.locked_until,
        person_id=Id(held.person) if held.person else None, body_id=Id(held.body) if held.body else None,
    )  # fmt: skip
