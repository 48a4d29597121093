"""Pages of inviting: whom, in whole units or by name; and on the list who has seen the notice and answered it."""

from collections.abc import Sequence

from starlette.routing import Route

from sync.contract.shapes.members import UnitKind
from sync.contract.shapes.participations import ParticipationState
from tenant_service.activities import queries as activities
from tenant_service.activities.queries import Hosted
from tenant_service.activities.rules import OPEN_STATES
from tenant_service.attendance import inviting_service as service
from tenant_service.attendance.inviting_service import Whom
from tenant_service.attendance.models import ParticipationRow
from tenant_service.identity.policy import UseCase
from tenant_service.members import queries as members
from tenant_service.notifications import queries as told
from tenant_service.notifications.rules import NotificationKind
from tenant_service.web.site import Go, Site, View, Visit

_AT = "/activities/{id}"
FIELDS = ("names",)
KINDS = (
    UnitKind.SPECIAL_COMMITTEE, UnitKind.SECTOR, UnitKind.LIAISON, UnitKind.MEMBER_GROUP, UnitKind.SERVICE_GROUP,
    UnitKind.SUPERVISION_GROUP, UnitKind.PARTY_BRANCH, UnitKind.TEMPORARY_PARTY_BRANCH,
)  # fmt: skip
"""Kinds of units whose people are invited together."""


def routes(site: Site) -> list[Route]:
    return [
        Route(f"{_AT}/invite", site.shows(form), methods=["GET"]),
        Route(f"{_AT}/invite", site.acts(invite, form), methods=["POST"]),
        Route(f"{_AT}/urge", site.acts(urge), methods=["POST"]),
    ]


def form(visit: Visit) -> View:
    visit.actor.require(UseCase.DRAFT_ACTIVITY)
    session = visit.unit.session
    units = [(each.id, each.name) for each in members.open_units(session, KINDS)]
    return View("attendance_invite.html", {
        "row": activities.hosted(session, visit.id), "units": units, "chosen": visit.form.all("unitIds"),
        "values": {"names": visit.form.get("names"), "everybody": visit.form.get("everybody")},
        "fields": ("names", "unitIds"),
    })  # fmt: skip


def invite(visit: Visit) -> Go:
    form = visit.form
    whom = Whom(form.all("unitIds"), form.tells("everybody"), form.lines("names"))
    service.invite_many(visit.unit, visit.actor, visit.id, whom)
    return Go(f"/activities/{visit.id}/attendance")


def urge(visit: Visit) -> Go:
    service.urge(visit.unit, visit.actor, visit.id)
    return Go(f"/activities/{visit.id}/attendance")


def shown(visit: Visit, activity: Hosted, listed: Sequence[ParticipationRow]) -> dict[str, object]:
    """What the list shows of notices: who has seen the newest one, and how many have not answered."""
    kinds = (
        NotificationKind.ACTIVITY_NOTICE, NotificationKind.ACTIVITY_CHANGED, NotificationKind.ACTIVITY_CANCELLED,
        NotificationKind.URGED,
    )  # fmt: skip
    may = visit.may(UseCase.DRAFT_ACTIVITY) and activity.state in OPEN_STATES
    return {
        "seen": told.seen(visit.unit.session, activity.id, kinds), "may_invite": may,
        "silent": sum(each.state is ParticipationState.INVITED for each in listed),
        "invited": ParticipationState.INVITED,
    }  # fmt: skip
