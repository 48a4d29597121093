"""Mutations that do one thing with one record and answer with the record as it is then.

A room says of each what it is called, what it is for, and which use case it is:

    FORMS = DescribedMutations(Form, "form", FormInput)

    class FormMutation:
        submit_form = FORMS.act("送审.", service.submit)

What is given besides these arguments is a resolver of the room's own.
"""

from collections.abc import Callable
from typing import Annotated, Any, Generic, Protocol, TypeVar

import strawberry

from sync.contract.channels import Share
from sync.contract.ids import Id
from sync.contract.trust.directory import Directory
from sync.contract.visibility import Visible
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import ShareInput, plain, shares_of
from tenant_service.graph.types import shown
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.services import Services
from tenant_service.signing.acts import SignsOff, SignsOffBy
from tenant_service.storage.unit_of_work import Unit

S = TypeVar("S")
T = TypeVar("T")
D = TypeVar("D")
D_co = TypeVar("D_co", covariant=True)


class Described(Protocol[D_co]):
    """The input that describes a record of a kind."""

    def draft(self) -> D_co: ...


class Mutations:
    """Mutations of one kind. `kind`: its GraphQL type."""

    def __init__(self, kind: type) -> None:
        self.kind = kind

    def act(self, description: str, act: Callable[[Unit, Actor, str], object]) -> Any:
        """What needs nothing but the record: 送审, 作废, 归档."""

        def resolve(info: Info, key: Id, id: Id) -> object:
            return perform(info, key, plain(id=id), lambda unit, who: act(unit, who, id))

        return self._field(description, resolve)

    def act_because(self, description: str, act: Callable[[Unit, Actor, str, str], object]) -> Any:
        """What needs a reason in words: 退回, 撤下, 取消."""

        def resolve(info: Info, key: Id, id: Id, reason: str) -> object:
            return perform(info, key, plain(id=id, reason=reason), lambda unit, who: act(unit, who, id, reason))

        return self._field(description, resolve)

    def sign_off(self, description: str, act: SignsOff) -> Any:
        """签发, 办结 and whatever else somebody signs: `unclassified` confirms 已经保密审查，不涉密."""

        def resolve(info: Info, key: Id, id: Id, unclassified: bool) -> object:  # noqa: FBT001
            told = plain(id=id, unclassified=unclassified)
            return perform(info, key, told, lambda unit, who: act(unit, who, id, unclassified=unclassified))

        return self._field(description, resolve)

    def sign_off_by(
        self, description: str, act: SignsOffBy[S], use: UseCase, by: Callable[[Services], S]
    ) -> Any:  # fmt: skip
        """The same, where it needs something of the service; only for whoever may do this at all."""

        def resolve(info: Info, key: Id, id: Id, unclassified: bool) -> object:  # noqa: FBT001
            info.context.actor.require(use)
            needed, told = by(info.context.services), plain(id=id, unclassified=unclassified)
            return perform(info, key, told, lambda unit, who: act(unit, who, needed, id, unclassified=unclassified))

        return self._field(description, resolve)

    def share(self, description: str, act: Callable[[Unit, Actor, Directory, str, list[Share]], object]) -> Any:
        """共享 with exactly these."""

        def resolve(info: Info, key: Id, id: Id, shares: list[ShareInput]) -> object:
            told, directory = plain(id=id, shares=shares), info.context.directory
            return perform(info, key, told, lambda unit, who: act(unit, who, directory, id, shares_of(shares)))

        return self._field(description, resolve)

    def _field(self, description: str, resolve: Callable[..., object], **typed: Any) -> Any:
        """The field of this resolver. `typed`: its arguments whose type is known here alone."""
        resolve.__annotations__ |= {**typed, "return": self.kind}
        return shown(Visible.TENANT, description)(resolve)


class DescribedMutations(Mutations, Generic[D]):
    """Those of a kind that people describe, with whom it is shared; and anew, until it is signed.

    `named`: what the argument is called that describes it; `described`: its input.
    """

    def __init__(self, kind: type, named: str, described: type[Described[D]]) -> None:
        super().__init__(kind)
        self.named = named
        self.described = Annotated[described, strawberry.argument(name=named)]

    def new(self, description: str, act: Callable[[Unit, Actor, Directory, D, list[Share]], object]) -> Any:
        """拟稿, 筹备: what is described is written down, and with whom it is shared once it is signed."""

        def resolve(info: Info, key: Id, described: Described[D], shares: list[ShareInput]) -> object:
            told, directory = plain(**{self.named: described, "shares": shares}), info.context.directory
            return perform(
                info, key, told, lambda unit, who: act(unit, who, directory, described.draft(), shares_of(shares))
            )

        return self._field(description, resolve, described=self.described)

    def anew(self, description: str, act: Callable[[Unit, Actor, Directory, str, D, list[Share]], object]) -> Any:
        """It is as described now."""

        def resolve(info: Info, key: Id, id: Id, described: Described[D], shares: list[ShareInput]) -> object:
            told, directory = plain(**{"id": id, self.named: described, "shares": shares}), info.context.directory
            return perform(
                info, key, told, lambda unit, who: act(unit, who, directory, id, described.draft(), shares_of(shares))
            )

        return self._field(description, resolve, described=self.described)


def perform(
    info: Info, key: str, told: dict[str, Any], act: Callable[[Unit, Actor], T], kept_as: type[T] | None = None
) -> T:  # fmt: skip
    """What its caller does, under the name of the field that is asked for; asked twice under one key, it is done once.

    `told`: every argument besides the key.
    """
    context = info.context
    return context.perform(info.field_name, key, told, lambda unit: act(unit, context.actor), kept_as)
