"""Who asks, and how much of this committee reaches them."""

from dataclasses import dataclass

from sync.contract.channels import PLAIN, Scope, circle_of, is_for_members
from sync.contract.errors import Code, Refusal
from sync.contract.trust.directory import Directory
from sync.contract.trust.tokens import Claims
from sync.contract.visibility import Visible
from tenant_service.identity.policy import ALLOWED, FOR_A_BODY, SIGNS_OWN, STAFF, THREE, Role, UseCase


@dataclass(frozen=True)
class Actor:
    """Somebody who asks this committee something.

    Attributes:
        committee: The committee that is asked.
        iss: Home of the asker; empty: nobody has signed in.
        sub: Account there.
        roles: Roles there; they carry acts at home only.
        person: Pseudonymous person id, when the account belongs to a member.
        channels: Channels of the asked committee whose records reach a foreign asker.
        must_change: The first password has not been changed yet.
        body: Body of the asked committee's list for which the account's holder works, as that committee's own account
            says; never from a token of another.
        signs_for: 授权 in force today: what is signed besides what the roles carry, and on whose behalf.
    """

    committee: str
    iss: str = ""
    sub: str = ""
    name: str = ""
    roles: frozenset[Role] = frozenset()
    person: str | None = None
    channels: tuple[str, ...] = ("o",)
    must_change: bool = False
    body: str | None = None
    signs_for: frozenset[tuple[UseCase, Role]] = frozenset()

    @property
    def is_home(self) -> bool:
        return self.iss == self.committee

    @property
    def is_inside(self) -> bool:
        """Whether it is one of the committee's own: who has an account here only as a body's contact or coordinator is
        shown what the public is shown, and what is that body's.
        """
        return self.is_home and not self.works_for_a_body

    @property
    def works_for_a_body(self) -> bool:
        """Whether the account is a body's contact's or coordinator's and nothing else, here or in another committee."""
        return bool(self.roles) and self.roles <= FOR_A_BODY

    @property
    def is_contact(self) -> bool:
        """Whether it is a contact's or coordinator's account of this committee and nothing else."""
        return self.is_home and self.works_for_a_body

    @property
    def only_administers(self) -> bool:
        """Whether it is one of the three administrators and nothing else: accounts, roles, the audit are its work."""
        return self.is_home and bool(self.roles) and self.roles <= set(THREE)

    @property
    def is_staff(self) -> bool:
        return bool(self.roles & STAFF)

    @property
    def sees_work(self) -> bool:
        """Whether drafts, lists of names and what was shared with this committee alone are shown."""
        return self.is_home and self.is_staff

    @property
    def signs_own(self) -> bool:
        """Whether what somebody drafted or did themselves is signed and reviewed by them as well, where they sign."""
        return self.is_home and bool(self.roles & SIGNS_OWN)

    def may(self, use: UseCase) -> bool:
        held = bool(self.roles & ALLOWED[use]) or self.behalf(use) is not None
        return self.is_home and not self.must_change and held

    def behalf(self, use: UseCase) -> Role | None:
        """In whose place the actor does this, by a grant; None: by a role of their own, or not at all. A grant carries
        nothing for who is not of the office any more.
        """
        if self.roles & ALLOWED[use] or not self.sees_work:
            return None
        return next((role for each, role in sorted(self.signs_for) if each is use), None)

    def require(self, use: UseCase) -> None:
        """Raises: Refusal NOT_SIGNED_IN, PASSWORD_CHANGE_NEEDED or FORBIDDEN."""
        if not self.iss:
            raise Refusal(Code.NOT_SIGNED_IN)
        if self.must_change:
            raise Refusal(Code.PASSWORD_CHANGE_NEEDED)
        if not self.may(use):
            raise Refusal(Code.FORBIDDEN)

    def circle(self, channels: set[str]) -> Visible:
        """How much the asker is told of a record of this committee that is shared on `channels`."""
        if self.is_inside:
            return Visible.SUBJECT if self.is_staff else Visible.MECHANISM
        if not self.iss or self.works_for_a_body:
            return Visible.PUBLIC
        reaching = [circle_of(channel) for channel in channels if channel in self.channels]
        return max(reaching, key=lambda circle: circle.depth, default=Visible.PUBLIC)


def nobody(committee: str) -> Actor:
    return Actor(committee)


def actor_of(claims: Claims, committee: str, directory: Directory) -> Actor:
    """Who a token speaks for, as this committee sees them; roles that this release does not know carry nothing."""
    roles = frozenset(role for code in claims.roles if (role := Role.known(code)))
    reach = directory.reach(committee, claims.iss) if claims.iss != committee else []
    if not roles & STAFF:
        reach = list(filter(is_for_members, reach))
    if roles and roles <= FOR_A_BODY:  # a department's people belong to no committee, at home or abroad
        reach = [each for each in reach if each == PLAIN[Scope.OPEN]]
    return Actor(
        committee=committee, iss=claims.iss, sub=claims.sub, name=claims.name, roles=roles, person=claims.person,
        channels=tuple(reach),
    )  # fmt: skip
