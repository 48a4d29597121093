"""What the buttons of the topics' pages do: the form is read, and the service decides."""

from collections.abc import Callable

from sync.contract.errors import Code, Refusal, Said
from sync.contract.shapes.procedures import Need
from sync.contract.shapes.topics import ReturnReason, TopicCategory, TopicSource
from tenant_service.identity.disclosures import Told
from tenant_service.relations.kinds import Relation
from tenant_service.topics import contact_service as contact
from tenant_service.topics import following_service as following
from tenant_service.topics import handling_service as handling
from tenant_service.topics import offline_service as offline
from tenant_service.topics import routing_service as routing
from tenant_service.topics import screening_service as screening
from tenant_service.topics import service
from tenant_service.topics.descriptions import Described
from tenant_service.topics.drafts import FIELDS, described_of, plan_of, report_of
from tenant_service.web import sharing
from tenant_service.web.site import Go, Visit


def register(visit: Visit) -> Go:
    """登记. Pressed twice, there is one topic."""
    form = visit.form
    source, venue = form.needed_kind("source", TopicSource), form.text("venueId")
    told = {name: form.all(name) for name in FIELDS}
    made = visit.once(
        "page.topics.register", told,
        lambda unit: service.register(
            unit, visit.actor, source, described_of(form), report_of(form), venue, _within(visit)
        ),
    )  # fmt: skip
    return Go(f"/topics/{made.id}")


def place_offline(visit: Visit) -> Go:
    """登记线下办理. Pressed twice, there is one place."""
    source, day = visit.form.needed_kind("source", TopicSource), visit.form.needed_day("day")
    told = {name: visit.form.all(name) for name in ("source", "day")}
    made = visit.once(
        "page.topics.offline", told, lambda unit: offline.place(unit, visit.actor, source, day)
    )  # fmt: skip
    return Go(f"/topics/{made.id}")


def _finish_offline(visit: Visit) -> None:
    offline.finish(visit.unit, visit.actor, visit.id, visit.form.needed_day("day"))


def _resume_offline(visit: Visit) -> None:
    offline.resume(visit.unit, visit.actor, visit.id)


def discard_offline(visit: Visit) -> Go:
    offline.discard(visit.unit, visit.actor, visit.id)
    return Go("/topics")


def recommend(visit: Visit) -> Go:
    """荐题. Pressed twice, there is one topic."""
    form = visit.form
    told = {name: form.all(name) for name in FIELDS}
    made = visit.once(
        "page.topics.recommend", told,
        lambda unit: service.recommend(unit, visit.actor, described_of(form), form.get("words"), _within(visit)),
    )  # fmt: skip
    return Go(f"/topics/{made.id}")


def redescribe(visit: Visit) -> Go:
    service.redescribe(visit.unit, visit.actor, visit.id, described_of(visit.form))
    return _to(visit)


def share(visit: Visit) -> Go:
    shares = sharing.chosen_in(visit.form.all(sharing.FIELD))
    service.share(visit.unit, visit.actor, visit.directory, visit.id, shares)
    return _to(visit)


def _relate(visit: Visit) -> None:
    kind = visit.form.needed_kind("kind", Relation)
    service.relate(visit.unit, visit.actor, visit.id, kind, _chosen(visit, "otherId"))


def _unrelate(visit: Visit) -> None:
    kind = visit.form.needed_kind("kind", Relation)
    service.unrelate(visit.unit, visit.actor, visit.id, kind, _chosen(visit, "otherId"))


def _entrust(visit: Visit) -> None:
    routing.entrust(visit.unit, visit.actor, visit.id, visit.form.text("targetId"))


def _follow(visit: Visit) -> None:
    following.follow(visit.unit, visit.actor, visit.id)


def _unfollow(visit: Visit) -> None:
    following.unfollow(visit.unit, visit.actor, visit.id)


def look(visit: Visit) -> Go:
    following.look(visit.unit, visit.actor)
    return Go("/")


# ── routing, and calling back ──


def add_route(visit: Visit) -> Go:
    category, area = visit.form.kind("category", TopicCategory), visit.form.text("areaId")
    routing.add_route(visit.unit, visit.actor, category, area, _chosen(visit, "targetId"))
    return Go("/topics/routes")


def remove_route(visit: Visit) -> Go:
    routing.remove_route(visit.unit, visit.actor, visit.id)
    return Go("/topics/routes")


def reveal(visit: Visit) -> Go:
    told = Told(visit.form.get("reason"), visit.form.get("purpose"))
    most = visit.site.services.personal_rows_per_day
    shown = contact.reveal_reporter(visit.unit, visit.actor, visit.id, told, most)
    return Go(f"/topics/reports/{visit.id}?shown={shown}#shown")


# ── screening ──


def accept(visit: Visit) -> Go:
    screening.accept(visit.unit, visit.actor, visit.id, described_of(visit.form))
    return _to(visit)


def _turn_down(visit: Visit) -> None:
    code = visit.form.needed_kind("code", ReturnReason)
    screening.turn_down(visit.unit, visit.actor, visit.id, code, visit.form.get("reason"))


def _forward(visit: Visit) -> None:
    form = visit.form
    screening.forward(
        visit.unit, visit.actor, visit.id, form.get("to"), form.get("reason"), form.text("unitId")
    )  # fmt: skip


def _hand_on(visit: Visit) -> None:
    screening.hand_on(visit.unit, visit.actor, visit.id, visit.form.text("personId"), visit.form.get("reason"))


def _merge(visit: Visit) -> None:
    screening.merge(visit.unit, visit.actor, visit.id, _chosen(visit, "intoId"), visit.form.get("reason"))


def _split(visit: Visit) -> None:
    parts = [Described(title) for title in visit.form.lines("parts")]
    screening.split(visit.unit, visit.actor, visit.id, parts)


def _undo(visit: Visit) -> None:
    screening.undo(visit.unit, visit.actor, visit.id, visit.form.get("reason"))


def _store(visit: Visit) -> None:
    category = visit.form.needed_kind("category", TopicCategory)
    screening.store(visit.unit, visit.actor, visit.id, category)


# ── handling ──


def _select(visit: Visit) -> None:
    plan = plan_of(visit.form)
    if plan is None:
        raise Refusal(Code.BAD_VALUE, field="decidedOn", why=Said("必填", "it is needed"))
    handling.select(visit.unit, visit.actor, visit.id, plan)


def _put_back(visit: Visit) -> None:
    handling.put_back(visit.unit, visit.actor, visit.id, visit.form.get("reason"))


def _begin(visit: Visit) -> None:
    handling.begin(visit.unit, visit.actor, visit.id, _chosen(visit, "procedureId"))


def _handle(visit: Visit) -> None:
    handling.handle(visit.unit, visit.actor, visit.id)


def _prove(visit: Visit) -> None:
    form, day = visit.form, visit.form.day("day")
    if day is None:
        raise Refusal(Code.BAD_VALUE, field="day", why=Said("必填", "it is needed"))
    handling.prove(visit.unit, visit.actor, visit.id, form.needed_kind("need", Need), day, form.get("note"))


def _hold(visit: Visit) -> None:
    handling.hold(visit.unit, visit.actor, visit.id, _chosen(visit, "activityId"))


def _release(visit: Visit) -> None:
    handling.release(visit.unit, visit.actor, visit.id, _chosen(visit, "activityId"))


def _advance(visit: Visit) -> None:
    handling.advance(visit.unit, visit.actor, visit.id)


def _write_note(visit: Visit) -> None:
    handling.write_note(visit.unit, visit.actor, visit.id, visit.form.get("workNote"))


def _resolve(visit: Visit) -> None:
    handling.resolve(visit.unit, visit.actor, visit.id, visit.form.get("answer"))


def _send_back(visit: Visit) -> None:
    handling.send_back(visit.unit, visit.actor, visit.id, visit.form.get("reason"))


def _answer(visit: Visit) -> None:
    handling.answer(visit.unit, visit.actor, visit.id, unclassified=visit.form.tells("unclassified"))


def _reopen(visit: Visit) -> None:
    handling.reopen(visit.unit, visit.actor, visit.id, visit.form.get("reason"))


def _archive(visit: Visit) -> None:
    handling.archive(visit.unit, visit.actor, visit.id, visit.site.services.periods.unsettled_days)


def _track(visit: Visit) -> None:
    handling.track(visit.unit, visit.actor, visit.id, visit.form.day("trackedUntil"))


ON_THE_PAGE: dict[str, Callable[[Visit], None]] = {
    "turn-down": _turn_down, "hand-on": _hand_on, "forward": _forward, "merge": _merge,
    "split": _split, "undo": _undo, "store": _store,
    "select": _select, "put-back": _put_back, "begin": _begin, "handle": _handle, "prove": _prove, "hold": _hold,
    "release": _release, "advance": _advance, "note": _write_note, "resolve": _resolve, "send-back": _send_back,
    "answer": _answer, "reopen": _reopen, "archive": _archive, "track": _track, "relate": _relate,
    "unrelate": _unrelate, "entrust": _entrust, "follow": _follow, "unfollow": _unfollow,
    "finish-offline": _finish_offline, "resume-offline": _resume_offline,
}  # fmt: skip
"""Last part of the address → what a form on a topic's own page does; then that page is shown again."""


def returning(act: Callable[[Visit], None]) -> Callable[[Visit], Go]:
    """The act, and then the topic's page."""

    def acted(visit: Visit) -> Go:
        act(visit)
        return _to(visit)

    return acted


def _within(visit: Visit) -> int:
    """Workdays in which whoever raised something hears whether it is accepted."""
    return visit.site.services.periods.notice_workdays


def _chosen(visit: Visit, name: str) -> str:
    """Raises: Refusal BAD_VALUE, nothing was chosen."""
    found = visit.form.get(name)
    if not found:
        raise Refusal(Code.BAD_VALUE, field=name, why=Said("必选", "choose one"))
    return found


def _to(visit: Visit) -> Go:
    return Go(f"/topics/{visit.id}")
