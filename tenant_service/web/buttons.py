"""What the buttons of one kind's pages do: the form is read, a use case of the room decides, and the record's page is
shown again.

    BUTTONS = Buttons("/forms")
    submit = BUTTONS.act(service.submit)

A button whose form has more is a function of the room's own.
"""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from sync.contract.channels import Share
from sync.contract.trust.directory import Directory
from tenant_service.identity.actor import Actor
from tenant_service.services import Services
from tenant_service.signing.acts import SignsOff, SignsOffBy
from tenant_service.storage.unit_of_work import Unit
from tenant_service.web import sharing
from tenant_service.web.forms import Form
from tenant_service.web.site import Go, Visit

S = TypeVar("S")
D = TypeVar("D")
Pressed = Callable[[Visit], Go]


class Made(Protocol):
    """A record that is there now."""

    @property
    def id(self) -> str: ...


class Buttons:
    """Buttons of one kind. `at`: where its list is; behind it, by its id, each record's page."""

    def __init__(self, at: str) -> None:
        self.at = at

    def new(
        self, name: str, act: Callable[[Unit, Actor, Directory, D, list[Share]], Made],
        draft_of: Callable[[Form], D], fields: Sequence[str],
    ) -> Pressed:  # fmt: skip
        """拟稿, 筹备: what the form describes is written down. Pressed twice, there is one; `name`: of its key."""

        def pressed(visit: Visit) -> Go:
            draft, shares = draft_of(visit.form), _shares(visit)
            told = {each: visit.form.all(each) for each in (*fields, sharing.FIELD)}
            made = visit.once(name, told, lambda unit: act(unit, visit.actor, visit.directory, draft, shares))
            return Go(f"{self.at}/{made.id}")

        return pressed

    def anew(
        self, act: Callable[[Unit, Actor, Directory, str, D, list[Share]], object], draft_of: Callable[[Form], D]
    ) -> Pressed:
        """It is as the form describes it now."""

        def pressed(visit: Visit) -> Go:
            shares = _shares(visit)
            act(visit.unit, visit.actor, visit.directory, visit.id, draft_of(visit.form), shares)
            return self.back(visit)

        return pressed

    def discard(self, act: Callable[[Unit, Actor, str], object]) -> Pressed:
        """作废: the record is not there any more, so the list is shown."""

        def pressed(visit: Visit) -> Go:
            act(visit.unit, visit.actor, visit.id)
            return Go(self.at)

        return pressed

    def act(self, act: Callable[[Unit, Actor, str], object]) -> Pressed:
        """What needs nothing but the record: 送审, 归档."""

        def pressed(visit: Visit) -> Go:
            act(visit.unit, visit.actor, visit.id)
            return self.back(visit)

        return pressed

    def act_because(self, act: Callable[[Unit, Actor, str, str], object]) -> Pressed:
        """What needs a reason in words: 退回, 撤下, 取消."""

        def pressed(visit: Visit) -> Go:
            act(visit.unit, visit.actor, visit.id, visit.form.get("reason"))
            return self.back(visit)

        return pressed

    def sign_off(self, act: SignsOff) -> Pressed:
        """签发, 办结 and whatever else is signed, with the tick 已经保密审查，不涉密."""

        def pressed(visit: Visit) -> Go:
            act(visit.unit, visit.actor, visit.id, unclassified=visit.form.tells("unclassified"))
            return self.back(visit)

        return pressed

    def sign_off_by(self, act: SignsOffBy[S], by: Callable[[Services], S]) -> Pressed:
        """The same, where it needs something of the service."""

        def pressed(visit: Visit) -> Go:
            needed, unclassified = by(visit.site.services), visit.form.tells("unclassified")
            act(visit.unit, visit.actor, needed, visit.id, unclassified=unclassified)
            return self.back(visit)

        return pressed

    def share(self, act: Callable[[Unit, Actor, Directory, str, list[Share]], object]) -> Pressed:
        """共享 with exactly those that are ticked."""

        def pressed(visit: Visit) -> Go:
            act(visit.unit, visit.actor, visit.directory, visit.id, _shares(visit))
            return self.back(visit)

        return pressed

    def back(self, visit: Visit) -> Go:
        return Go(f"{self.at}/{visit.id}")


def _shares(visit: Visit) -> list[Share]:
    return sharing.chosen_in(visit.form.all(sharing.FIELD))
