"""A small federation for the rooms' tests: Hangzhou with two districts, and three counties that share a mechanism."""

import datetime as dt
from functools import cache

from joserfc.jwk import ECKey

from sync.bus.trust import Trust
from sync.contract import jose
from sync.contract.levels import Level
from sync.contract.trust import signed_directory
from sync.contract.trust.directory import Contents, Directory, Listed, ListedMechanism
from sync.contract.trust.tokens import Claims
from tenant_service.identity.actor import Actor, actor_of
from tenant_service.identity.policy import Role
from tests.directories import signed

ZHEJIANG, HANGZHOU, YUHANG, SHANGCHENG = "330000", "330100", "330110", "330102"
JIAXING, JIASHAN, QINGPU, WUJIANG = "330400", "330421", "310118", "320509"
DELTA = f"{JIASHAN}.mechanism.0192f0c1d2e34567890abcdef0123456"
BODY = f"{JIASHAN}.body.0192f0c1d2e34567890abcdef0000002"
"""For whom contacts work, where it does not matter whether the list has it."""
SPRING = dt.datetime(2026, 4, 1, 2, tzinfo=dt.UTC)
"""1 April 2026, ten in the morning in Asia/Shanghai."""

_PLACES = [
    Listed(id=ZHEJIANG, name="浙江省政协", short_name="浙江", level=Level.PROVINCE),
    Listed(id=HANGZHOU, name="杭州市政协", short_name="杭州", level=Level.CITY, parent=ZHEJIANG),
    Listed(id=YUHANG, name="杭州市余杭区政协", short_name="余杭", parent=HANGZHOU),
    Listed(id=SHANGCHENG, name="杭州市上城区政协", short_name="上城", parent=HANGZHOU),
    Listed(id=JIAXING, name="嘉兴市政协", short_name="嘉兴", level=Level.CITY, parent=ZHEJIANG),
    Listed(id=JIASHAN, name="嘉善县政协", short_name="嘉善", parent=JIAXING),
    Listed(id=QINGPU, name="上海市青浦区政协", short_name="青浦"),
    Listed(id=WUJIANG, name="苏州市吴江区政协", short_name="吴江"),
]


@cache
def key(id: str, use: str) -> ECKey:
    """The private key of a committee for one use; `root` has one as well."""
    del id, use
    return jose.new_key()


@cache
def directory() -> Directory:
    """The directory as the registrar signed it and a committee read it."""
    entries = [
        Listed(
            id=each.id, name=each.name, short_name=each.short_name, level=each.level, parent=each.parent,
            keys={use: [jose.public(key(each.id, use))] for use in ("event", "token", "code", "enc")},
        )
        for each in _PLACES
    ]  # fmt: skip
    delta = ListedMechanism(id=DELTA, name="三地政协联动", members=[JIASHAN, QINGPU, WUJIANG])
    contents = Contents(serial=1, issued_at=0, expires_at=2**40, entries=entries, mechanisms=[delta])
    root = key("root", "directory")
    return signed_directory.read(signed(contents, root), root)


def trust(committee: str) -> Trust:
    return Trust(committee, directory(), key(committee, "event"), [key(committee, "enc")])


def staff(committee: str, *roles: Role, sub: str = "", person: str | None = None, body: str | None = None) -> Actor:
    """Somebody at home in `committee`."""
    return Actor(
        committee=committee, iss=committee, sub=sub or "-".join(roles), name="测试人员", roles=frozenset(roles),
        person=person, body=body,
    )  # fmt: skip


def stranger(committee: str, home: str, *roles: Role) -> Actor:
    """Somebody of `home` who asks `committee`."""
    claims = Claims(iss=home, sub="-".join(roles), roles=list(roles), aud=[committee], iat=0, exp=2**40, jti="1")
    return actor_of(claims, committee, directory())


class Clock:
    """Tests move it."""

    def __init__(self) -> None:
        self.now = SPRING

    def __call__(self) -> dt.datetime:
        return self.now

    def on(self, **by: float) -> None:
        self.now += dt.timedelta(**by)
