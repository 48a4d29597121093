"""What the buttons of the pages of people do: the form is read, and the services decide."""

import re

from sync.contract.errors import Code, Refusal, Said
from sync.contract.shapes.members import MembershipEnding, MembershipEntry, MembershipKind
from sync.contract.shapes.sectors import Party, Sector
from tenant_service.identity.policy import UseCase
from tenant_service.members import membership_service as memberships
from tenant_service.members import people_listing, queries, segment_service, service
from tenant_service.members.membership_service import Decision, MembershipDraft
from tenant_service.members.rules import Gender
from tenant_service.members.service import PersonDraft
from tenant_service.members.unit_listing import PEOPLE
from tenant_service.web.forms import Form
from tenant_service.web.site import Go, Visit

FIELDS = ("name", "gender", "birthMonth", "workPhone", "employer", "rosterNo", "tags")
SEAT = (
    "title", "term", "sector", "party", "entry", "since", "membership", "meeting", "day", "unitId", "kind", "how",
    "last", "withPersonId",
)  # fmt: skip
_BETWEEN_TAGS = re.compile(r"[、,，;；\s]+")


def add(visit: Visit) -> Go:
    """Pressed twice, the person is there once."""
    draft, told = draft_of(visit.form), {name: visit.form.all(name) for name in FIELDS}
    made = visit.once("page.people.add", told, lambda unit: service.add_person(unit, visit.actor, draft))
    return Go(f"{PEOPLE}/{made.id}")


def change(visit: Visit) -> Go:
    service.change_person(visit.unit, visit.actor, visit.id, draft_of(visit.form))
    return _back(visit)


def propose(visit: Visit) -> Go:
    """拟任, or 增补: it counts from the day on which a meeting confirms it."""
    form = visit.form
    draft = MembershipDraft(
        MembershipKind.MEMBER, person_id=visit.id, title=form.text("title"), term=form.number("term"),
        sector=form.kind("sector", Sector), party=form.kind("party", Party), since=form.day("since"),
        entry=form.kind("entry", MembershipEntry),
    )  # fmt: skip
    memberships.propose(visit.unit, visit.actor, draft)
    return _back(visit)


def confirm(visit: Visit) -> Go:
    memberships.confirm(visit.unit, visit.actor, _theirs(visit), _decided(visit.form))
    return _back(visit)


def place(visit: Visit) -> Go:
    form = visit.form
    draft = MembershipDraft(
        form.needed_kind("kind", MembershipKind), person_id=visit.id, unit_id=form.text("unitId"),
        title=form.text("title"), since=form.day("since") or visit.site.today(),
    )  # fmt: skip
    memberships.place(visit.unit, visit.actor, draft)
    return _back(visit)


def end(visit: Visit) -> Go:
    """辞去, 撤销, 停止履职 …, by the meeting that decided it where one did."""
    form = visit.form
    how, last = form.needed_kind("how", MembershipEnding), form.needed_day("last")
    decision = _decided(form) if form.get("meeting") else None
    memberships.end(visit.unit, visit.actor, _theirs(visit), how, last, decision)
    return _back(visit)


def contact(visit: Visit) -> Go:
    """一对一联系."""
    meant = queries.meant(visit.unit.session, visit.form.get("withPersonId"))
    if len(meant) != 1:
        several, nobody = Said("有多名同名者，请填写名册编号", "several"), Said("名册中没有此人", "nobody")
        why = several if meant else nobody
        raise Refusal(Code.BAD_VALUE, field="withPersonId", why=why)
    draft = MembershipDraft(
        MembershipKind.CONTACT, person_id=visit.id, with_person_id=meant[0].id,
        since=visit.form.day("since") or visit.site.today(),
    )  # fmt: skip
    memberships.place(visit.unit, visit.actor, draft)
    return _back(visit)


def leave(visit: Visit) -> Go:
    """离任: everything the person is ends with that day."""
    form = visit.form
    how, last = form.needed_kind("how", MembershipEnding), form.needed_day("last")
    service.part_with(visit.unit, visit.actor, visit.id, how, last)
    return _back(visit)


def save_segment(visit: Visit) -> Go:
    """存为名单: what the list was filtered by, under a name."""
    segment_service.save_segment(
        visit.unit, visit.actor, visit.form.get("name"), people_listing.wanted_in(visit.form.get)
    )  # fmt: skip
    return Go(PEOPLE)


def remove_segment(visit: Visit) -> Go:
    segment_service.remove_segment(visit.unit, visit.actor, visit.id)
    return Go(PEOPLE)


def draft_of(form: Form) -> PersonDraft:
    """Raises: Refusal BAD_VALUE, of the field that cannot be read."""
    tags = tuple(each for each in _BETWEEN_TAGS.split(form.get("tags")) if each)
    return PersonDraft(
        form.get("name"), form.kind("gender", Gender), form.text("birthMonth"), form.text("workPhone"),
        form.text("employer"), form.text("rosterNo"), tags,
    )  # fmt: skip


def _theirs(visit: Visit) -> str:
    """The membership that the form names, if it is of this person, on either side. Raises: Refusal NOT_FOUND."""
    visit.actor.require(UseCase.EDIT_MEMBERS)
    row = queries.MEMBERSHIPS.ours(visit.unit.session, visit.form.get("membership"))
    if visit.id not in (row.person_id, row.with_person_id):
        raise Refusal(Code.NOT_FOUND)
    return row.id


def _decided(form: Form) -> Decision:
    """Raises: Refusal BAD_VALUE, a meeting without its day."""
    return Decision(form.get("meeting"), form.needed_day("day"))


def _back(visit: Visit) -> Go:
    return Go(f"{PEOPLE}/{visit.id}")
