"""Whoever asks is shown the same records of ours at every door. Which ones, is written here by hand, kind by kind."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from sync.contract.shapes.items import AssignmentOrder
from tenant_service.assignments import handling_queries
from tenant_service.assignments.handling_queries import Wanted
from tenant_service.identity.actor import Actor, nobody
from tenant_service.identity.policy import Role
from tenant_service.storage.unit_of_work import Units
from tenant_service.web.site import Site
from tests.tenant_service import places
from tests.tenant_service.browsing import Browser
from tests.tenant_service.reach import doors, rows
from tests.tenant_service.reach.doors import Found
from tests.tenant_service.reach.rows import EXPERT, HOME, IN_CHARGE, MEMBER, SUPERVISOR, A, B

# Which rows are found is the same on both databases; the rooms' own tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

_AT_HOME: dict[str, tuple[tuple[Role, ...], str | None, str | None]] = {
    "system administrator": ((Role.SYSTEM_ADMIN,), None, None),
    "security administrator": ((Role.SECURITY_ADMIN,), None, None),
    "auditor": ((Role.AUDIT_ADMIN,), None, None), "clerk": ((Role.CLERK,), None, None),
    "secretary": ((Role.SECRETARY,), None, None), "deputy": ((Role.DEPUTY_SECRETARY,), None, None),
    "chair": ((Role.CHAIR,), None, None), "street": ((Role.STREET,), None, None),
    "member": ((Role.MEMBER,), MEMBER, None), "member in charge": ((Role.MEMBER,), IN_CHARGE, None),
    "convener": ((Role.CONVENER,), None, None), "supervisor": ((Role.SUPERVISOR,), SUPERVISOR, None),
    "supervisor posted nowhere": ((Role.SUPERVISOR,), EXPERT, None),
    "contact of a": ((Role.DEPARTMENT,), None, A), "contact of b": ((Role.DEPARTMENT,), None, B),
    "coordinator of a": ((Role.COORDINATOR,), None, A), "coordinator of b": ((Role.COORDINATOR,), None, B),
    "member and contact of a": ((Role.MEMBER, Role.DEPARTMENT), MEMBER, A),
    "member and coordinator of b": ((Role.MEMBER, Role.COORDINATOR), MEMBER, B),
}  # fmt: skip
"""Who has an account here: in which roles, for which person, working for which body."""
_ABROAD = {
    "clerk of the parent": (places.JIAXING, Role.CLERK), "member of the parent": (places.JIAXING, Role.MEMBER),
    "clerk of a partner": (places.QINGPU, Role.CLERK), "member of a partner": (places.QINGPU, Role.MEMBER),
    "contact of a partner": (places.QINGPU, Role.DEPARTMENT),
}  # fmt: skip
_ON_PAGES = ("clerk", "member", "supervisor", "contact of a", "coordinator of b", "nobody")
"""Whose pages are looked at as well: pages ask what the other doors ask, for whoever it is."""

OFFICE = {"clerk", "secretary", "deputy", "chair", "street"}
OF_A = {"contact of a", "member and contact of a"}
OF_B = {"coordinator of b", "member and coordinator of b"}
THE_MEMBER = {"member", "member and contact of a", "member and coordinator of b"}
SUPERVISING = {"supervisor", "member and supervisor"}
MEMBERS = {*THE_MEMBER, "member in charge", "convener", "member and supervisor"}
CONTACTS = {"contact of a", "contact of b", "coordinator of a", "coordinator of b"}
PARTNERS = {"clerk of a partner", "member of a partner"}
OURS = {*_AT_HOME, "member and supervisor"} - CONTACTS
EVERYBODY = {*OURS, *CONTACTS, *_ABROAD, "nobody"}
NOT_CONTACTS = EVERYBODY - CONTACTS

SHOWN: dict[str, dict[str, set[str]]] = {
    "venue": {"ours": OURS, "open": EVERYBODY},
    "unit": {"ours": OURS, "open": EVERYBODY},
    "procedure": {"draft": OFFICE, "in-force": OURS, "open": EVERYBODY},
    "activity": {
        "draft": OFFICE,
        "signed": OURS,
        "partners": OURS | PARTNERS,
        "parent": OURS | {"clerk of the parent"},
        "open": EVERYBODY,
    },
    "form": {
        "draft": OFFICE,
        "members": OURS,
        "invited": OFFICE | THE_MEMBER,
        "partners": OURS | PARTNERS,
        "open": EVERYBODY,
    },
    "post": {
        "draft": OFFICE,
        "by-supervisor": OFFICE | SUPERVISING,
        "reviewed": OFFICE,
        "published": OURS,
        "partners": OURS | PARTNERS,
        "withdrawn-open": EVERYBODY,
        "open": EVERYBODY,
    },
    "topic": {
        "raised": OFFICE,
        "recommended": OFFICE | THE_MEMBER,
        "entrusted": OFFICE | {"member in charge"},
        "of-body-a": OFFICE,
        "accepted": OFFICE | MEMBERS,
        "partners": OFFICE | MEMBERS | PARTNERS,
        "open": EVERYBODY,
        "returned-open": EVERYBODY,
    },
    "campaign": {
        "draft-of-a": OFFICE,
        "signed": OFFICE | MEMBERS,
        "signed-of-a": OFFICE | MEMBERS | SUPERVISING,
        "signed-of-other": OFFICE | MEMBERS,
        "open": EVERYBODY,
    },
    "programme": {"draft": OFFICE, "signed": OFFICE | MEMBERS, "open": EVERYBODY},
    "appraisal": {
        "begun": OFFICE,
        "asks-member": OFFICE | THE_MEMBER,
        "asks-supervisor": OFFICE | SUPERVISING,
        "asks-expert": OFFICE | {"supervisor posted nowhere"},
        "published": OFFICE | MEMBERS,
        "open": EVERYBODY,
    },
    "report": {
        "draft": OFFICE,
        "of-member": OFFICE | THE_MEMBER,
        "signed": OFFICE,
        "partners": OFFICE | PARTNERS,
        "open": EVERYBODY,
    },
    "proposal": {
        "draft": OFFICE,
        "asks-member": OFFICE | THE_MEMBER,
        "names-member": OFFICE,
        "filed": OFFICE,
        "members": OFFICE | MEMBERS,
        "partners": OFFICE | PARTNERS,
        "open": EVERYBODY,
    },
    "recognition": {
        "recorded": OFFICE,
        "confirmed": OFFICE | MEMBERS,
        "parent": OFFICE | MEMBERS | {"clerk of the parent"},
        "open": EVERYBODY,
    },
    "item": {
        "proposed": OFFICE,
        "by-supervisor": OFFICE | SUPERVISING,
        "proposed-of-a": OFFICE,
        "agreed": OFFICE | MEMBERS,
        "agreed-of-a": OFFICE | MEMBERS | SUPERVISING,
        "agreed-of-other": OFFICE | MEMBERS,
        "assigned": OFFICE | MEMBERS | OF_A | OF_B,
        "open": NOT_CONTACTS,
        "assigned-of-a": OFFICE | MEMBERS | SUPERVISING,
        "forwarded": OFFICE | MEMBERS | OF_B,
    },
    "assignment": {
        "to-a": OFFICE | MEMBERS | OF_A | OF_B,
        "to-other": OFFICE | MEMBERS,
        "open": NOT_CONTACTS,
        "of-a": OFFICE | MEMBERS | SUPERVISING,
        "forwarded": OFFICE | OF_B,
    },
    # The body has a part of what the first three are about.
    "call": {
        "to-a": OFFICE | OF_A,
        "to-other": OFFICE | OF_A,
        "open": NOT_CONTACTS | {"contact of a"},
        "elsewhere": OFFICE,
    },
    "body": {"a": OFFICE, "b": OFFICE, "other": OFFICE},
    "person": {
        "member": OFFICE | MEMBERS,
        "in-charge": OFFICE | {"member in charge"},
        "expert": OFFICE,
        "supervisor": OFFICE | {"member and supervisor"},
    },
    "membership": {"seat": OFFICE | THE_MEMBER, "post": OFFICE | SUPERVISING, "ended": OFFICE | SUPERVISING},
    "participation": {"of-member": OFFICE | THE_MEMBER, "of-in-charge": OFFICE | {"member in charge"}},
    "request": {"of-member": OFFICE | THE_MEMBER, "of-in-charge": OFFICE | {"member in charge"}},
}
"""Kind → row → who is shown it, at every door that such a row has."""
OPENED = {
    "topic": dict.fromkeys(SHOWN["topic"], OFFICE),
    "activity": dict.fromkeys(SHOWN["activity"], OFFICE),
    "procedure": {"draft": OFFICE, "in-force": OURS, "open": OURS},
    "proposal": dict.fromkeys(SHOWN["proposal"], OFFICE) | {"asks-member": OFFICE | THE_MEMBER},
    "report": dict.fromkeys(SHOWN["report"], OFFICE) | {"of-member": OFFICE | THE_MEMBER},
    "assignment": dict.fromkeys(SHOWN["assignment"], OFFICE)
    | {"to-a": OFFICE | OF_A | OF_B, "forwarded": OFFICE | OF_B},
    "post": {name: whom - {*_ABROAD, "nobody"} for name, whom in SHOWN["post"].items()},
}
"""The same of what is attached to them."""

NAMELESS = {("assignment", "forwarded")}
"""It says no body yet, by which it could be found or known on a page."""


def actors() -> dict[str, Actor]:
    made = {
        who: places.staff(HOME, *roles, sub=who, person=person, body=body)
        for who, (roles, person, body) in _AT_HOME.items()
    }
    made |= {who: places.stranger(HOME, home, role) for who, (home, role) in _ABROAD.items()}
    supervisor = made["supervisor"]
    both = replace(supervisor, roles=supervisor.roles | {Role.MEMBER})
    return made | {"member and supervisor": both, "nobody": nobody(HOME)}


def shown_to(who: str, shown: dict[str, dict[str, set[str]]], *without: str) -> Found:
    return {
        (kind, name) for kind, of in shown.items() if kind not in without for name, whom in of.items() if who in whom
    }


def test_whoever_asks_is_shown_the_same_at_every_door(units: Units) -> None:
    ids = rows.filled(units, "supervisor")
    assert {kind: set(of) for kind, of in ids.items()} == {kind: set(of) for kind, of in SHOWN.items()}
    unlisted = "body", "person", "membership", "participation", "request"
    for who, actor in actors().items():
        every, listed = shown_to(who, SHOWN), shown_to(who, SHOWN, *unlisted)
        assert doors.by_node(units, actor, ids) == every, who
        assert doors.by_kind(units, actor, ids) == listed, who
        assert doors.in_lists(units, actor, ids) == listed, who
        assert doors.by_search(units, actor, ids) == listed - NAMELESS, who
        assert doors.by_files(units, actor, ids) == shown_to(who, OPENED), who
        heard = every if actor.is_home else set()  # people of others hear of changes from their own committee
        assert doors.by_change(units, actor, ids) == heard, who


def test_the_site_shows_it_as_well(units: Units, site: Site, anybody: Callable[..., Browser]) -> None:
    browsers = {"nobody": anybody()}
    for who in set(_ON_PAGES) - {"nobody"}:
        roles, person, body = _AT_HOME[who]
        browsers[who] = anybody(*roles, name=who.replace(" ", "-"), person=person, body=body or places.BODY)
    supervisor = site.callers.signed_in(browsers["supervisor"].client.cookies[site.cookie])
    assert supervisor
    ids = rows.filled(units, supervisor.actor.sub)
    for who, browser in browsers.items():
        listed = shown_to(who, SHOWN, *SHOWN.keys() - doors.PAGES.keys())
        assert doors.on_pages(browser, ids) == listed, who
        if who == "nobody":  # assignments have a list for people of the committee and of bodies alone
            listed -= {("assignment", name) for name in SHOWN["assignment"]}
        assert doors.in_listings(browser, ids) == listed - NAMELESS, who
        assert doors.in_exports(browser, ids) == listed - NAMELESS, who


def test_a_contact_is_told_as_much_of_its_assignment_wherever_it_looks(units: Units) -> None:
    ids, contact = rows.filled(units, "supervisor"), actors()["contact of a"]
    id, item = ids["assignment"]["to-a"], ids["item"]["assigned"]
    with units.read() as unit:
        one = handling_queries.one(unit.session, contact, id)
        listed = handling_queries.listed(unit.session, contact, Wanted(), AssignmentOrder.DUE_ON_ASC, 9, None)
        of_item = handling_queries.of_items(unit.session, contact, [item])
    assert one is not None
    assert one.reply
    assert (listed.rows, of_item) == ([one], {item: [one]})
