"""Every kind of stranger to one county, and what the county's design lets reach each: written here by hand, so that it
does not agree with the program merely because it is the program.
"""

from dataclasses import dataclass
from functools import cache

from sync.contract import jose
from sync.contract.levels import Level
from sync.contract.shapes.committees import CommitteeState
from sync.contract.trust import signed_directory
from sync.contract.trust.directory import Contents, Directory, Listed, ListedMechanism
from sync.contract.trust.tokens import Claims
from sync.contract.visibility import Visible
from tenant_service.identity.actor import Actor, actor_of, nobody
from tenant_service.identity.policy import Role
from tests.directories import signed
from tests.tenant_service import places

HOME, DELTA, M = places.JIASHAN, places.DELTA, f"m_{places.DELTA.rpartition('.')[2]}"
ANCESTOR, PARENT, SIBLING, CHILD = places.ZHEJIANG, places.JIAXING, "330402", "330491"
PARTNER, UNRELATED, SUSPENDED, GATEWAY = places.QINGPU, places.YUHANG, "330481", "gw.330400"
_PLACES = [
    Listed(id=ANCESTOR, name="浙江", level=Level.PROVINCE),
    Listed(id=PARENT, name="嘉兴", level=Level.CITY, parent=ANCESTOR),
    Listed(id=HOME, name="嘉善", parent=PARENT),
    Listed(id=SIBLING, name="南湖", parent=PARENT),
    Listed(id=CHILD, name="罗星", parent=HOME),
    Listed(id=PARTNER, name="青浦"),
    Listed(id=UNRELATED, name="余杭"),
    Listed(id=SUSPENDED, name="海宁", parent=PARENT, state=CommitteeState.SUSPENDED),
    Listed(id=GATEWAY, kind="gateway", name="嘉兴联动门户"),
]  # fmt: skip
CHANNELS = ["c", "p", "n", "d", "o", M, *(f"x_{each}" for each in (PARENT, SIBLING, CHILD, PARTNER))]
_CIRCLES = {
    "o": Visible.FEDERATION, "d": Visible.FEDERATION, "m": Visible.MECHANISM, "x": Visible.MECHANISM,
    "c": Visible.PARENT, "p": Visible.PARENT, "n": Visible.PARENT,
}  # fmt: skip


@dataclass(frozen=True)
class Stranger:
    """Somebody who does not belong to the county, also where they have an account there.

    Attributes:
        reached_by: Channels of the county that reach them.
    """

    name: str
    actor: Actor
    reached_by: frozenset[str]

    def circle(self, channels: frozenset[str]) -> Visible | None:
        """How much they may be told of a record shared on these; None: that there is one is already too much."""
        reaching = self.reached_by & channels
        if not reaching:
            return None
        if not self.actor.iss or self.actor.is_home:
            return Visible.PUBLIC
        return max((_CIRCLES[each[0]] for each in reaching), key=list(Visible).index)

    @property
    def widest(self) -> Visible:
        return self.circle(frozenset(self.reached_by)) or Visible.PUBLIC


@cache
def directory() -> Directory:
    mechanism = ListedMechanism(id=DELTA, name="三地", members=[HOME, PARTNER])
    contents = Contents(serial=1, issued_at=0, expires_at=2**40, entries=_PLACES, mechanisms=[mechanism])
    root = jose.new_key()
    return signed_directory.read(signed(contents, root), root)


def _of(name: str, home: str, role: Role, *reached_by: str) -> Stranger:
    actor = actor_of(claims_of(home, role), HOME, directory())
    return Stranger(f"{role} of {name}", actor, frozenset(reached_by))


def claims_of(home: str, role: Role) -> Claims:
    return Claims(iss=home, sub="walker", roles=[role], aud=[HOME], iat=0, exp=2**40, jti="1")


OFFICE = {Role.CHAIR, Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.CLERK, Role.STREET}
"""Roles abroad that are told what is shared with their committee's office; whoever has none of them is a member."""
OF_BODIES = {Role.DEPARTMENT, Role.COORDINATOR}
"""Roles of people who belong to no committee: wherever they ask, they are shown what anybody is."""
STRANGERS = [
    Stranger("nobody", nobody(HOME), frozenset("o")),
    _of("the parent", PARENT, Role.CLERK, "c", "p", "n", "o", f"x_{PARENT}"),
    _of("the parent", PARENT, Role.CHAIR, "c", "p", "n", "o", f"x_{PARENT}"),
    _of("the parent", PARENT, Role.MEMBER, "o"),
    _of("an ancestor", ANCESTOR, Role.CLERK, "p", "n", "o"),
    _of("an ancestor", ANCESTOR, Role.MEMBER, "o"),
    _of("a sibling", SIBLING, Role.CLERK, "o", f"x_{SIBLING}"),
    _of("a sibling", SIBLING, Role.MEMBER, "o"),
    _of("a child", CHILD, Role.CLERK, "d", "o", f"x_{CHILD}"),
    _of("a child", CHILD, Role.MEMBER, "d", "o"),
    _of("a partner", PARTNER, Role.CLERK, M, "o", f"x_{PARTNER}"),
    _of("a partner", PARTNER, Role.STREET, M, "o", f"x_{PARTNER}"),
    _of("a partner", PARTNER, Role.MEMBER, M, "o"),
    _of("an unrelated committee", UNRELATED, Role.CLERK, "o"),
    _of("an unrelated committee", UNRELATED, Role.MEMBER, "o"),
    _of("an unrelated committee", UNRELATED, Role.SYSTEM_ADMIN, "o"),
    _of("a suspended committee", SUSPENDED, Role.CLERK),
    _of("a committee nobody knows", "999999", Role.CLERK),
    _of("a gateway that speaks for itself", GATEWAY, Role.CLERK, "o"),
]  # fmt: skip
_NAMED = {each.name: each for each in STRANGERS}
OF_EACH_CIRCLE = [
    _NAMED[each] for each in ("nobody", "clerk of the parent", "clerk of a child", "clerk of a partner")
]  # fmt: skip
"""One for each way in which rows are looked for: where a database of another kind is asked, they are enough."""
OF_EACH_STANDING = [
    *OF_EACH_CIRCLE,
    *(_NAMED[each] for each in (
        "clerk of a suspended committee", "clerk of a committee nobody knows",
        "clerk of a gateway that speaks for itself",
    )),
]  # fmt: skip
"""One for each way in which somebody can be no one of the committee's: no role from abroad has a right here, which
`test_a_role_abroad_is_of_the_office_or_is_not` looks at for each of them.
"""
CONTACT = Stranger(
    "contact of a body", places.staff(HOME, Role.DEPARTMENT, Role.COORDINATOR, body=f"{HOME}.body.{'0' * 31}1"),
    frozenset("o"),
)  # fmt: skip
"""People of bodies sign in at the county: they are shown what the public is, and act by rules of their own."""
