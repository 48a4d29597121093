"""本会谁能看: whom at home our rows of one kind are shown to, said once by its room; every door asks it by `reach`.

The office is shown all of them. Whoever else has an account here is shown what is open to all, or what the room names
in its place; and more of them by each way that leads the account there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement

from sync.contract.visibility import Visible
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role, UseCase

Conditions = list[ColumnElement[bool]]
"""All of them hold; none: every row."""
OF_A_PERSON = frozenset({Role.MEMBER, Role.CONVENER})
"""Roles of who has a seat here and is not of the office: the kind's `members`."""


@dataclass(frozen=True)
class Way:
    """One way by which somebody is shown rows that others are not.

    Attributes:
        leads: Whether it is open to an account.
        to: Which rows an account is shown by it.
        at_work: Whether they are what that account works on: it is shown what else only the office is.
    """

    leads: Callable[[Actor], bool]
    to: Callable[[Actor], ColumnElement[bool]]
    at_work: bool = False


@dataclass(frozen=True)
class AtHome:
    """Whom at home the rows of one kind are shown to.

    Attributes:
        members: What members and conveners are shown in the place of what is open to all; None: just that.
        insiders: The same of whoever belongs to this committee in whatever role.
        ways: By which somebody is shown more.
        bodies_are_shown_open: Whether contacts of bodies are shown what is open to all. Where a row is about bodies
            they are not: another body's is none of their business.
        told_to_bodies: How much these are told of the rows that they are shown.
    """

    members: Conditions | None = None
    insiders: Conditions | None = None
    ways: tuple[Way, ...] = ()
    bodies_are_shown_open: bool = True
    told_to_bodies: Visible = Visible.PUBLIC

    def more_for(self, actor: Actor, *, at_work: bool = False) -> Conditions:
        """Rows of which the account is shown any; with `at_work` those alone that it works on."""
        return [way.to(actor) for way in self.ways if way.leads(actor) and (way.at_work or not at_work)]

    def instead_of_open(self, actor: Actor) -> Conditions | None:
        """What the account is shown in the place of what is open to all; None: just that."""
        if self.members is not None and actor.roles & OF_A_PERSON:
            return self.members
        return self.insiders if actor.is_inside else None


ALL_OF_OURS = AtHome(insiders=[])
"""Whoever belongs to this committee is shown every row."""


def to_members(what: ColumnElement[bool]) -> Way:
    """Members and conveners, beside what is open to all."""
    return Way(lambda actor: bool(actor.roles & OF_A_PERSON), lambda _actor: what)


def to_person(what: Callable[[str], ColumnElement[bool]], *roles: Role, at_work: bool = False) -> Way:
    """By what a row has to do with the person behind the account, given that person's id; no roles: in any."""
    return Way(lambda actor: _is_person(actor, roles), lambda actor: what(actor.person or ""), at_work)


def to_author(column: Any, *roles: Role) -> Way:
    """Whoever entered the row, in one of the roles; the column has the account."""
    return Way(lambda actor: _is_person(actor, roles), lambda actor: column == actor.sub)


def to_body(what: Callable[[str], ColumnElement[bool]], use: UseCase, *, at_work: bool = False) -> Way:
    """By what a row has to do with the body for which the account works, given that body's id, if it may do this."""
    return Way(lambda actor: actor.body is not None and actor.may(use), lambda actor: what(actor.body or ""), at_work)


def _is_person(actor: Actor, roles: tuple[Role, ...]) -> bool:
    return actor.is_inside and actor.person is not None and (not roles or bool(actor.roles & set(roles)))
