"""What people of other committees are told, read off the rules themselves: a small federation is asked, row by row."""

from sync.contract.channels import PLAIN, Scope
from sync.contract.levels import Level
from sync.contract.trust.directory import Contents, Directory, Listed, ListedMechanism
from sync.contract.trust.tokens import Claims
from sync.contract.visibility import Visible
from tenant_service.identity.actor import Actor, actor_of, nobody
from tenant_service.identity.policy import Role

_US, _MECHANISM = "330421", "330421.mechanism.00000000000000000000000000000001"
_RELATIONS = {
    "330400": "parent 上级", "330000": "ancestor 更上级", "330491": "child 下级", "330402": "sibling 同级",
    "310118": "mechanism partner 联动成员", "330110": "any other active committee 其他政协",
}  # fmt: skip
_FEDERATION = Directory(
    Contents(
        serial=1, issued_at=0, expires_at=1,
        entries=[
            Listed(id="330000", name="", level=Level.PROVINCE), Listed(id=_US, name="", parent="330400"),
            Listed(id="330400", name="", level=Level.CITY, parent="330000"), Listed(id="330491", name="", parent=_US),
            Listed(id="330402", name="", parent="330400"), Listed(id="310118", name=""), Listed(id="330110", name=""),
        ],
        mechanisms=[ListedMechanism(id=_MECHANISM, name="", members=[_US, "310118"])],
    )
)  # fmt: skip
_SCOPES = {letter: scope for scope, letter in PLAIN.items()} | {"m": Scope.MECHANISM, "x": Scope.PARTNER}


def foreigners_table() -> str:
    """One row per relation, office or not, and channel."""
    rows = ["| home's relation | who | scope it is shared with | circle |", "|---|---|---|---|"]
    rows += _rows("none 无账号", "everybody 任何人", nobody(_US))
    for home, relation in _RELATIONS.items():
        for who, role in (("office 机关", Role.CLERK), ("others 委员及其他", Role.MEMBER)):
            claims = Claims(iss=home, sub="", roles=[role], aud=[_US], iat=0, exp=1, jti="")
            rows += _rows(relation, who, actor_of(claims, _US, _FEDERATION))
    return "\n".join(rows)


def _rows(relation: str, who: str, actor: Actor) -> list[str]:
    by_circle: dict[Visible, list[str]] = {}
    for channel in actor.channels:
        by_circle.setdefault(actor.circle({channel}), []).append(_SCOPES[channel[0]].label)
    return [
        f"| {relation} | {who} | {'、'.join(scopes)} | `{circle}` {circle.label} |"
        for circle, scopes in sorted(by_circle.items(), key=lambda each: list(Visible).index(each[0]))
    ]
