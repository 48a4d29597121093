"""What the buttons of the posts' pages do: the form is read, and the service decides."""

from sync.contract.shapes.posts import PostOrigin
from tenant_service.identity.policy import UseCase
from tenant_service.posts import comment_service, service
from tenant_service.posts.drafts import FIELDS, draft_of
from tenant_service.web import sharing
from tenant_service.web.buttons import Buttons
from tenant_service.web.site import Go, Visit

BUTTONS = Buttons("/posts")


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
    return BUTTONS.back(visit)


discard = BUTTONS.discard(service.discard)
submit = BUTTONS.act(service.submit)
send_back = BUTTONS.act_because(service.send_back)
sign_off = BUTTONS.sign_off(service.sign_off)
publish = BUTTONS.act(service.publish)
withdraw = BUTTONS.act_because(service.withdraw)
share = BUTTONS.share(service.share)


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


read = BUTTONS.act(comment_service.read)
follow = BUTTONS.act(comment_service.follow)
unfollow = BUTTONS.act(comment_service.unfollow)
