"""What the buttons of the posts' pages do: the form is read, and the service decides."""

from sync.contract.shapes.posts import PostOrigin
from tenant_service.identity.policy import UseCase
from tenant_service.posts import comment_service, service
from tenant_service.posts.drafts import FIELDS, draft_of
from tenant_service.web import sharing
from tenant_service.web.site import Go, Visit


def _origin(visit: Visit) -> PostOrigin:
    return PostOrigin.OFFICE if visit.may(UseCase.EDIT_POSTS) else PostOrigin.MEMBER


def draft(visit: Visit) -> Go:
    """拟稿. Pressed twice, there is one draft."""
    told, shares = draft_of(visit.form, _origin(visit)), sharing.chosen_in(visit.form.all(sharing.FIELD))
    said = {name: visit.form.all(name) for name in (*FIELDS, sharing.FIELD)}
    made = visit.once(
        "page.posts.draft", said, lambda unit: service.draft(unit, visit.actor, visit.directory, told, shares)
    )
    return Go(f"/posts/{made.id}")


def redraft(visit: Visit) -> Go:
    shares = sharing.chosen_in(visit.form.all(sharing.FIELD))
    told = draft_of(visit.form, _origin(visit))
    service.redraft(visit.unit, visit.actor, visit.directory, visit.id, told, shares)
    return _to(visit)


def discard(visit: Visit) -> Go:
    service.discard(visit.unit, visit.actor, visit.id)
    return Go("/posts")


def submit(visit: Visit) -> Go:
    service.submit(visit.unit, visit.actor, visit.id)
    return _to(visit)


def send_back(visit: Visit) -> Go:
    service.send_back(visit.unit, visit.actor, visit.id, visit.form.get("reason"))
    return _to(visit)


def sign_off(visit: Visit) -> Go:
    service.sign_off(visit.unit, visit.actor, visit.id, unclassified=visit.form.tells("unclassified"))
    return _to(visit)


def publish(visit: Visit) -> Go:
    service.publish(visit.unit, visit.actor, visit.id)
    return _to(visit)


def withdraw(visit: Visit) -> Go:
    service.withdraw(visit.unit, visit.actor, visit.id, visit.form.get("reason"))
    return _to(visit)


def share(visit: Visit) -> Go:
    shares = sharing.chosen_in(visit.form.all(sharing.FIELD))
    service.share(visit.unit, visit.actor, visit.directory, visit.id, shares)
    return _to(visit)


# ── what members do ──


def comment(visit: Visit) -> Go:
    """留言. Pressed twice, it is said once."""
    form, held = visit.form, visit.site.services.holds_comments
    origin, sector = form.kind("origin", PostOrigin), form.text("sector")
    told = {name: form.all(name) for name in ("comment", "origin", "sector")} | {"post": (visit.id,)}
    visit.once(
        "page.posts.comment", told,
        lambda unit: comment_service.comment(
            unit, visit.actor, visit.id, form.get("comment"), origin, sector, held=held
        ),
    )  # fmt: skip
    return Go(f"/posts/{visit.id}#comments")


def show_comment(visit: Visit) -> Go:
    comment_service.show_comment(visit.unit, visit.actor, visit.form.get("id"))
    return Go(f"/posts/{visit.id}#comments")


def hide_comment(visit: Visit) -> Go:
    comment_service.hide_comment(visit.unit, visit.actor, visit.form.get("id"), visit.form.get("hiddenBecause"))
    return Go(f"/posts/{visit.id}#comments")


def take_back_comment(visit: Visit) -> Go:
    comment_service.take_back_comment(visit.unit, visit.actor, visit.form.get("id"))
    return Go(f"/posts/{visit.id}#comments")


def read(visit: Visit) -> Go:
    comment_service.read(visit.unit, visit.actor, visit.id)
    return _to(visit)


def follow(visit: Visit) -> Go:
    comment_service.follow(visit.unit, visit.actor, visit.id)
    return _to(visit)


def unfollow(visit: Visit) -> Go:
    comment_service.unfollow(visit.unit, visit.actor, visit.id)
    return _to(visit)


def _to(visit: Visit) -> Go:
    return Go(f"/posts/{visit.id}")
