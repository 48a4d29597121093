"""共享选择 on a page: what one may choose, and who will see it (谁将看到) before anything is saved."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from sync.contract.channels import Scope, Share
from sync.contract.errors import Refusal
from sync.contract.trust.directory import Directory, ListedMechanism
from sync.edge.shell.words import say
from tenant_service.exchange.sharing import choices
from tenant_service.exchange.sharing.choices import Reader
from tenant_service.web.site import View, Visit

FIELD = "shares"


@dataclass(frozen=True)
class Choice:
    """One box to tick: its code as it is stored, its name, and whom it is about."""

    code: str
    label: str
    about: str = ""


@dataclass(frozen=True)
class Sharing:
    """The choice as a form shows it."""

    wide: tuple[Choice, ...]
    partners: tuple[Choice, ...]
    chosen: tuple[str, ...]
    readers: tuple[Reader, ...]
    is_open: bool


def sharing(
    directory: Directory, committee: str, chosen: Sequence[str], scopes: Container[Scope] = tuple(Scope)
) -> Sharing:
    """What can be chosen, of these scopes, what is, and whom that reaches today. A choice that is not possible reaches
    nobody.
    """
    shares = [share for share in choices.chosen(chosen) if _possible(share, directory, committee)]
    readers = choices.readers(shares, directory, committee)
    return Sharing(
        tuple(each for each in _wide(directory, committee) if Scope.known(each.code.partition(":")[0]) in scopes),
        tuple(_partners(directory, committee)), tuple(chosen), tuple(readers),
        any(share.scope is Scope.OPEN for share in shares),
    )  # fmt: skip


def chosen_in(codes: Iterable[str]) -> list[Share]:
    """The shares that the ticked boxes mean; what is no code at all is refused where it is checked."""
    return choices.chosen(codes)


def form(
    visit: Visit, at: str, title: str, kept: Sequence[str], scopes: Container[Scope] = tuple(Scope)
) -> View:  # fmt: skip
    """The form of a record's sharing; `at`: its page. What was ticked is ticked: in the form that was refused, or in
    the address that tries a choice out; else what is kept.
    """
    ticked: Sequence[str] = kept
    if visit.form.values:
        ticked = visit.form.all(FIELD)
    elif visit.asked("preview"):
        ticked = visit.request.query_params.getlist(FIELD)
    shown = sharing(visit.directory, visit.actor.committee, ticked, scopes)
    return View("share.html", {"at": at, "title": title, "sharing": shown, "fields": ()})


def _wide(directory: Directory, committee: str) -> Iterable[Choice]:
    above = [directory.entries[each].name for each in directory.ancestors(committee)]
    if above:
        yield Choice(Scope.PARENT.value, Scope.PARENT.label, above[0])
    if len(above) > 1:
        yield Choice(Scope.PROVINCE.value, Scope.PROVINCE.label)
        yield Choice(Scope.NATION.value, Scope.NATION.label)
    if directory.subtree(committee):
        yield Choice(Scope.SUBTREE.value, Scope.SUBTREE.label)
    for id, mechanism in directory.mechanisms.items():
        if committee in mechanism.members:
            others = [directory.entries[each].short_name for each in _others(mechanism, directory, committee)]
            yield Choice(f"{Scope.MECHANISM.value}:{id}", mechanism.name, "、".join(others))
    yield Choice(Scope.OPEN.value, Scope.OPEN.label, say("任何人，无需登录"))


def _others(mechanism: ListedMechanism, directory: Directory, committee: str) -> list[str]:
    return [each for each in mechanism.members if each != committee and each in directory.entries]


def _partners(directory: Directory, committee: str) -> Iterable[Choice]:
    for each in directory.neighbours(committee):
        yield Choice(f"{Scope.PARTNER.value}:{each}", directory.entries[each].name)


def _possible(share: Share, directory: Directory, committee: str) -> bool:
    try:
        choices.check([share], directory, committee)
    except Refusal:
        return False
    return True
