"""Who is in each scene of the demo, and what its figures come to.

The figures are those of newspaper reports of 2020–2023 (docs/glossary.md says which); people, dates within the window,
titles and streets are invented. They are dated into the twelve months before the demo is made, so that the pages show
a year that has just been.
"""

from dataclasses import dataclass, field

from sync.contract.levels import Level


@dataclass(frozen=True)
class Place:
    """One committee of a scene.

    Attributes:
        row, column: Where its tile stands on the cockpit.
        towns: How many towns and streets it has; each has all three venues.
        sessions: Sessions of its halls (or small consultations) within the window.
        with_leader: Those of them that a leader of the town attended.
        member_times: 委员人次 of those sessions; 0: a few per session.
    """

    id: str
    name: str
    short_name: str
    level: Level = Level.COUNTY
    parent: str | None = None
    row: int = 0
    column: int = 0
    towns: int = 0
    sessions: int = 0
    with_leader: int = 0
    member_times: int = 0


@dataclass(frozen=True)
class Agreement:
    """A standing mechanism and its members."""

    id: str
    name: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Scene:
    """Committees and mechanisms that belong together; data for each is made by the module of the same name."""

    code: str
    title: str
    places: tuple[Place, ...]
    mechanisms: tuple[Agreement, ...] = ()
    to_see: str = ""
    leads: tuple[str, ...] = field(default=())
    """Committees whose people the demo's first links sign in."""


def _districts() -> tuple[Place, ...]:
    """Hangzhou's thirteen: 379 hall sessions in a year, 184 with the town's leader, 191 towns (seed facts 26, 27)."""
    told = (
        # id, short, row, column, towns, sessions, with a leader
        ("330127", "淳安", 2, 0, 23, 46, 24),
        ("330182", "建德", 3, 1, 16, 27, 12),
        ("330122", "桐庐", 2, 1, 14, 24, 11),
        ("330111", "富阳", 2, 2, 24, 30, 14),
        ("330112", "临安", 1, 1, 18, 28, 13),
        ("330110", "余杭", 1, 2, 12, 34, 18),
        ("330106", "西湖", 1, 3, 11, 27, 14),
        ("330105", "拱墅", 0, 3, 18, 30, 15),
        ("330102", "上城", 1, 4, 14, 33, 17),
        ("330108", "滨江", 2, 3, 3, 12, 6),
        ("330109", "萧山", 2, 4, 22, 36, 16),
        ("330113", "临平", 0, 4, 8, 28, 13),
        ("330114", "钱塘", 1, 5, 8, 24, 11),
    )
    return tuple(
        Place(
            id, f"杭州市{short}{'县' if short in ('淳安', '桐庐') else '市' if short == '建德' else '区'}政协", short,
            parent="330100", row=row, column=column, towns=towns, sessions=sessions, with_leader=leader,
        )
        for id, short, row, column, towns, sessions, leader in told
    )  # fmt: skip


HANGZHOU = Scene(
    "hangzhou", "杭州市与十三个区县（市）",
    (Place("330100", "杭州市政协", "杭州", Level.CITY), *_districts()),
    to_see="市政协一次问遍十三个区县：场次、到场、三类阵地全覆盖", leads=("330100",),
)  # fmt: skip

DELTA = Scene(
    "delta", "长三角三地联动：青浦、吴江、嘉善",
    (
        Place("310118", "上海市青浦区政协", "青浦", row=0, column=1, towns=3, sessions=6),
        Place("320509", "苏州市吴江区政协", "吴江", row=0, column=0, towns=3, sessions=5),
        Place("330421", "嘉善县政协", "嘉善", row=1, column=1, towns=9, sessions=6, with_leader=6),
    ),
    (
        Agreement(
            "330421.mechanism.0192f0c0a1b27c3d8e4f5a6b7c8d9e0f", "长三角生态绿色一体化发展示范区三地政协联动机制",
            ("310118", "320509", "330421"),
        ),
    ),
    to_see="三省三地互看联合活动；改期、取消都能看到", leads=("330421",),
)  # fmt: skip


def _counties() -> tuple[Place, ...]:
    """Nanchong's nine: 846 small consultations, 6,812 members' attendances (seed fact 105: 6,800余人次)."""
    told = (
        # id, short, suffix, row, column, sessions, 委员人次
        ("511302", "顺庆", "区", 1, 1, 118, 986),
        ("511303", "高坪", "区", 1, 2, 92, 744),
        ("511304", "嘉陵", "区", 2, 1, 96, 781),
        ("511321", "南部", "县", 0, 1, 131, 1042),
        ("511322", "营山", "县", 0, 3, 89, 705),
        ("511323", "蓬安", "县", 1, 3, 74, 588),
        ("511324", "仪陇", "县", 0, 2, 87, 693),
        ("511325", "西充", "县", 1, 0, 68, 541),
        ("511381", "阆中", "市", 0, 0, 91, 732),
    )
    return tuple(
        Place(
            id, f"南充市{short}{suffix}政协" if suffix != "市" else f"{short}市政协", short, parent="511300", row=row,
            column=column, towns=4, sessions=sessions, member_times=times,
        )
        for id, short, suffix, row, column, sessions, times in told
    )  # fmt: skip


NANCHONG = Scene(
    "nanchong", "南充市与九个县（市、区）：八大助力行动",
    (Place("511300", "南充市政协", "南充", Level.CITY), *_counties()),
    to_see="全市各级小微协商846场、委员6,812人次，逐行相加", leads=("511300",),
)  # fmt: skip

SCENES = {scene.code: scene for scene in (HANGZHOU, DELTA, NANCHONG)}
GATEWAY = "gateway-330100"


def chosen(code: str) -> list[Scene]:
    """The scenes of `delta`, `hangzhou`, `nanchong` or `all`.

    Raises:
        KeyError: there is no such scene.
    """
    return list(SCENES.values()) if code == "all" else [SCENES[each] for each in code.split(",")]
