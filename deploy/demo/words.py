"""Names and titles of the demo. All people, streets and towns are invented."""

from random import Random

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛范彭郎鲁韦马苗方俞任袁柳"
_GIVEN = "安宁景澜知远若川明启文渊怀瑾清和雨田林溪思源立新春晖海棠晓峰一帆书禾望舒南星北辰嘉木子衿云舟青禾闻道守正"
_TOWN_FIRST = "云溪湖山清河枫林松涛梅园桂香兰亭竹里桃源莲塘柳浦凤鸣鹤溪龙泉虎坪麒麟石桥沙洲平湖新安长乐永福太平"
_TOWN_KINDS = ("街道", "镇", "镇", "乡")
MATTERS = (
    "老旧小区加装电梯", "背街小巷停车难", "口袋公园选址", "学校门口交通组织", "养老助餐点布局",
    "垃圾分类驿站管理", "河道清淤与亲水步道", "夜间烧烤油烟", "农贸市场改造", "社区托育服务",
    "电动自行车充电", "村道拓宽", "文化礼堂开放时间", "物业费与业委会", "农产品直播带货",
    "公交线路调整", "小微企业用工", "古树名木保护", "山塘水库安全", "共享法庭下沉",
)  # fmt: skip
ADVICE = (
    "建议{who}牵头，三个月内拿出方案并公示。", "建议把{matter}纳入明年民生实事项目。",
    "建议由街道与业委会共同设立议事小组。", "建议先在两个小区试点，再逐步推开。",
    "建议开放线上意见征集，汇总后二次协商。", "建议明确养护责任单位和经费来源。",
)  # fmt: skip
_DEPARTMENTS = ("住建局", "城管局", "交通运输局", "教育局", "民政局", "农业农村局", "水利局")


class Words:
    """Draws words for one committee; the same committee always draws the same."""

    def __init__(self, committee: str) -> None:
        self._luck = Random(f"liandong-demo-{committee}")

    @property
    def luck(self) -> Random:
        return self._luck

    def people(self, count: int) -> list[str]:
        """Different names."""
        found: dict[str, None] = {}
        while len(found) < count:
            given = "".join(self._luck.sample(_GIVEN, self._luck.choice([1, 2, 2])))
            found[self._luck.choice(_SURNAMES) + given] = None
        return list(found)

    def towns(self, count: int) -> list[str]:
        """Different towns and streets."""
        firsts = [_TOWN_FIRST[at : at + 2] for at in range(0, len(_TOWN_FIRST), 2)]
        self._luck.shuffle(firsts)
        return [f"{first}{self._luck.choice(_TOWN_KINDS)}" for first in (*firsts, *(f"新{each}" for each in firsts))][
            :count
        ]

    def matter(self) -> str:
        return self._luck.choice(MATTERS)

    def advice(self, matter: str, count: int) -> tuple[str, ...]:
        told = [each.format(who=self._luck.choice(_DEPARTMENTS), matter=matter) for each in ADVICE]
        return tuple(self._luck.choice(told) for _ in range(count))

    def shares(self, total: int, parts: int) -> list[int]:
        """`total` in `parts` whole numbers of about the same size, each at least 1."""
        base = [total // parts] * parts
        for at in range(total - sum(base)):
            base[at] += 1
        for _ in range(parts):
            a, b = self._luck.randrange(parts), self._luck.randrange(parts)
            if base[a] > 2:  # noqa: PLR2004 — nobody is left without any
                base[a] -= 1
                base[b] += 1
        return base
