"""Pages of accounts: the list with filters and a file; one account, its roles, and what was done to it."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

from sync.edge.shell.pages import Link
from sync.edge.shell.words import say
from tenant_service.administration import listing, queries, service
from tenant_service.administration.listing import AT, ROLES, STATES
from tenant_service.administration.queries import AccountState
from tenant_service.identity import account_acts, accounts, administrators, links, passwords, rules
from tenant_service.identity.account_acts import Done
from tenant_service.identity.accounts import Account, Draft
from tenant_service.identity.actor import Actor
from tenant_service.identity.acts import ACTS
from tenant_service.identity.disclosures import Purpose, Told
from tenant_service.identity.policy import THREE, Role, UseCase
from tenant_service.members import posting_queries as bodies
from tenant_service.members import queries as members
from tenant_service.web.forms import Form
from tenant_service.web.history import by_whom
from tenant_service.web.site import Go, Panel, RoomPages, Site, Todo, View, Visit, Waits

_HASH = "passwordHash"
_LATEST = 8
_TOLD_FOR = dt.timedelta(days=30)
_OPENING = ("username", "name", "person", "bodyId", "password", "reason")


def routes(site: Site) -> list[Route]:
    return [
        Route(AT, site.shows(listed), methods=["GET"]),
        Route(AT + "/open", site.acts(open_account, listed, _hashed), methods=["POST"]),
        Route(AT + ".csv", site.shows(exported), methods=["GET"]),
        Route(AT + "/for-body/{id}", site.acts(give_account), methods=["POST"]),
        Route(AT + "/{id}", site.shows(one), methods=["GET"]),
        Route(AT + "/{id}/roles", site.acts(give_roles, one), methods=["POST"]),
        Route(AT + "/{id}/body", site.acts(give_body, one), methods=["POST"]),
        Route(AT + "/{id}/close", site.acts(close, one), methods=["POST"]),
        Route(AT + "/{id}/password", site.acts(set_password, one, _hashed), methods=["POST"]),
    ]


# ── reading ──


def listed(visit: Visit) -> View:
    """Who has an account, in which roles, and how it stands; a form for another one, for whom it is."""
    found = queries.listed(visit.unit, visit.actor, _wanted(visit))
    some, more = queries.page(found, visit.asked("after"))
    return View("accounts.html", {
        "table": listing.table(visit, some), "total": len(found), "more": more,
        "roles_said": listing.roles_asked(visit),
        "states_said": [(state.value, visit.say(text)) for state, text in STATES.items()],
        "missing": [visit.say(ROLES[role]) for role in administrators.without_anybody(visit.unit)],
        "purposes": [(purpose.value, visit.say(purpose.label)) for purpose in Purpose],
        "may_open": visit.may(UseCase.MANAGE_ACCOUNTS), "fields": _OPENING, "bodies": _bodies(visit),
        "values": {name: visit.form.get(name) for name in _OPENING if name != "password"} | _for_body(visit),
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    """The same as a file, for a purpose; noted before anything is read."""
    wanted = _wanted(visit)
    with visit.site.units.write() as unit:
        service.note_export(unit, visit.actor, wanted, Told(visit.asked("reason"), visit.asked("purpose")))
    return listing.table(visit, queries.listed(visit.unit, visit.actor, wanted)).file("accounts", "csv")


def one(visit: Visit) -> View:
    """One account: what may be done to it is told by who looks."""
    line, done = queries.one(visit.unit, visit.actor, visit.id)
    account, form = line.account, visit.form
    is_open = account.is_open and account.id != visit.actor.sub
    is_one_of_three = bool(account.roles & set(THREE))
    ticked = set(form.all("role")) if form.values else {role.value for role in account.roles}
    return View("account.html", {
        "it": account, "state": visit.say(STATES[line.state]), "roles": listing.roles(visit, list(account.roles)),
        "locked_until": line.locked_until, "done": _told(visit, done),
        "roles_said": [(role.value, visit.say(text), role.value in ticked) for role, text in ROLES.items()],
        "may_give": is_open and visit.may(UseCase.GIVE_ROLES), "is_own": account.id == visit.actor.sub,
        "is_one_of_three": is_one_of_three, "may_manage": is_open and visit.may(UseCase.MANAGE_ACCOUNTS),
        "body": members.bodies_named(visit.unit.session, [account.body]).get(account.body) if account.body else None,
        "has_ended": bool(_ended(visit, [account])), "bodies": _bodies(visit),
        "fields": ("reason", "password", "bodyId"),
        "values": {"reason": form.get("reason"), "bodyId": form.get("bodyId") if form.values else account.body or ""},
    })  # fmt: skip


# ── acting ──


async def _hashed(actor: Actor, form: Form) -> Form:
    """Raises: Refusal FORBIDDEN, WEAK_PASSWORD."""
    actor.require(UseCase.MANAGE_ACCOUNTS)
    chosen = rules.password(form.get("password"), rules.folded(form.get("username")))
    return Form({**form.values, _HASH: (await passwords.hashed_soon(chosen),)})


def open_account(visit: Visit) -> Go:
    form = visit.form
    draft = Draft(form.get("username"), form.get("name"), frozenset(), form.text("person"), form.text("bodyId"))
    made = service.open_account(visit.unit, visit.actor, draft, form.get(_HASH), form.get("reason"))
    return Go(f"{AT}/{made.id}")


def give_roles(visit: Visit) -> Go:
    chosen = frozenset(role for code in visit.form.all("role") if (role := Role.known(code)))
    service.give_roles(visit.unit, visit.actor, visit.id, chosen, visit.form.get("reason"))
    return Go(f"{AT}/{visit.id}")


def give_body(visit: Visit) -> Go:
    service.give_body(visit.unit, visit.actor, visit.id, visit.form.text("bodyId"), visit.form.get("reason"))
    return Go(f"{AT}/{visit.id}")


def give_account(visit: Visit) -> Go:
    """The same from the body's page, where the account is chosen."""
    service.give_body(visit.unit, visit.actor, visit.form.get("account"), visit.id, visit.form.get("reason"))
    return Go(f"/bodies/{visit.id}")


def close(visit: Visit) -> Go:
    accounts.close(visit.unit, visit.actor, visit.id, visit.form.get("reason"))
    return Go(f"{AT}/{visit.id}")


def set_password(visit: Visit) -> Go:
    accounts.set_password(visit.unit, visit.actor, visit.id, visit.form.get(_HASH), visit.form.get("reason"))
    return Go(f"{AT}/{visit.id}")


# ── on a body's page ──


def beside(visit: Visit, kind: str, id: str) -> list[Panel]:
    """The accounts of a body: whom to turn to, for the office; for administrators what they may do about it."""
    if kind != "body" or not (visit.actor.sees_work or visit.may(UseCase.SEE_ACCOUNTS)):
        return []
    session, sees = visit.unit.session, visit.may(UseCase.SEE_ACCOUNTS)
    theirs = accounts.of_body(session, id)
    others = [each for each in accounts.everybody(session) if each.is_open and each.body != id]
    return [Panel("body_accounts_panel.html", {
        "body": id, "accounts": [(each, listing.roles(visit, list(each.roles))) for each in theirs], "sees": sees,
        "may_open": visit.may(UseCase.MANAGE_ACCOUNTS), "may_give": visit.may(UseCase.GIVE_ROLES),
        "others": [(each.id, f"{each.name}（{each.username}）") for each in others if each.id != visit.actor.sub],
    })]  # fmt: skip


def _for_body(visit: Visit) -> dict[str, str]:
    """The body whose page led here."""
    told = visit.asked("body")
    return {"bodyId": told} if told and not visit.form.values else {}


# ── on the home page ──


def todos(visit: Visit) -> list[Todo]:
    """三员 that nobody is; what is missing is the security administrator's to give. And whether the password of one of
    them was set of late: all three are told, for whoever has the account by that could look it away.
    """
    if not visit.may(UseCase.SEE_ACCOUNTS):
        return []
    everybody = accounts.everybody(visit.unit.session)
    gives, manages = visit.waits(Waits.TO_DO, UseCase.GIVE_ROLES), visit.waits(Waits.TO_DO, UseCase.MANAGE_ACCOUNTS)
    return [
        Todo(say("三员空缺"), len(administrators.without_anybody(visit.unit)), f"{AT}#missing", gives),
        Todo(say("30天内重设的管理员密码"), len(_reset(visit)), f"{AT}?only=reset", Waits.TO_REVIEW),
        Todo(say("所属单位已撤销的账号"), len(_ended(visit, everybody)), f"{AT}?only=ended", manages),
        *_own_todos(visit, everybody),
    ]


def starts(visit: Visit) -> list[Link]:
    return [Link(f"{AT}#open", say("开通账号"))] if visit.may(UseCase.MANAGE_ACCOUNTS) else []


def _own_todos(visit: Visit, everybody: Sequence[Account]) -> list[Todo]:
    """What waits for one of the three alone: accounts that wait for their first sign-in or for a lock to end are the
    system administrator's, those that may do nothing yet the security administrator's.
    """
    if visit.may(UseCase.MANAGE_ACCOUNTS):
        by_state = Counter(line.state for line in queries.listed(visit.unit, visit.actor, queries.Wanted()))
        return [
            Todo(STATES[state], by_state[state], f"{AT}?state={state.value}")
            for state in (AccountState.FIRST_PASSWORD, AccountState.LOCKED)
        ]
    if visit.may(UseCase.GIVE_ROLES):
        without = sum(each.is_open and not each.roles for each in everybody)
        return [Todo(say("尚未授予角色的账号"), without, f"{AT}?role={listing.NONE}", Waits.TO_DO)]
    return []


def panels(visit: Visit) -> list[Panel]:
    """To everybody who else made a link of their account; to whom they concern, the accounts."""
    linked = links.by_others(visit.unit, visit.actor) if visit.actor.is_home else []
    return [
        *([Panel("linked_panel.html", linked)] if linked else []),
        *([_of_accounts(visit)] if visit.may(UseCase.SEE_ACCOUNTS) else []),
    ]


def _of_accounts(visit: Visit) -> Panel:
    """The way to the accounts, who may do what with them, and what was done to them last."""
    duties = (
        (UseCase.MANAGE_ACCOUNTS, say("开通、关闭账号，重设首次密码"), f"{AT}#open"),
        (UseCase.GIVE_ROLES, say("授予、收回角色，变更所属单位"), AT),
    )
    done = [(name, _act(visit, each)) for name, each in account_acts.latest(visit.unit.session, _LATEST)]
    own = [(visit.say(text), href) for use, text, href in duties if visit.may(use)]
    return Panel("accounts_panel.html", {"own": own, "done": done})


def _told(visit: Visit, done: Sequence[Done]) -> list[dict[str, str | None]]:
    """What was done to accounts, when and by whom, as people are called today."""
    names = accounts.named(visit.unit.session, {each.sub for each in done})
    return [{**_act(visit, each), "by": by_whom(visit, visit.unit.committee, each.sub, names)} for each in done]


def _act(visit: Visit, row: Done) -> dict[str, str | None]:
    given, withdrawn = (
        listing.named_bodies(visit, codes) if row.act == account_acts.BODY else listing.named_roles(visit, codes)
        for codes in (row.given, row.withdrawn)
    )
    return {
        "account": row.account, "at": listing.at(visit, row.at), "act": visit.say(ACTS.get(row.act, row.act)),
        "given": given, "withdrawn": withdrawn, "reason": row.reason,
    }  # fmt: skip


def _bodies(visit: Visit) -> list[tuple[str, str]]:
    """Id and name of every body on our list, to choose one."""
    return [(each.id, each.name) for each in bodies.listed_bodies(visit.unit.session, visit.site.today())]


def _wanted(visit: Visit) -> queries.Wanted:
    """What the address asks for; `only` names those that the home page counts."""
    only = visit.asked("only")
    if only == "reset":
        return replace(listing.wanted(visit), among=_reset(visit))
    if only == "ended":
        ended = _ended(visit, accounts.everybody(visit.unit.session))
        return replace(listing.wanted(visit), among=frozenset(each.id for each in ended))
    return listing.wanted(visit)


def _reset(visit: Visit) -> frozenset[str]:
    """The three whose password somebody set of late."""
    session = visit.unit.session
    return account_acts.reset_since(session, administrators.all_of(session), visit.unit.now - _TOLD_FOR)


def _ended(visit: Visit, found: Sequence[Account]) -> list[Account]:
    """Open accounts of these whose body is not on our list any more."""
    named = {each.body for each in found if each.is_open and each.body}
    ended = members.ended_bodies(visit.unit.session, named, visit.site.today())
    return [each for each in found if each.is_open and each.body in ended]


PAGES = RoomPages(routes, Path(__file__).parent / "templates", todos=todos, panels=panels, starts=starts, beside=beside)
