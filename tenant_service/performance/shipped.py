"""履职积分方案示例: schemes that come with the product, as data. A committee copies one for a year, and edits it.

They follow what committees publish of theirs in their manner (points for each deed, caps, deductions, grades); where a
source says that something counts and not how much, the figure is a suggestion, and the note says so.
"""

from dataclasses import dataclass

from sync.contract.shapes.participations import ParticipationRole
from sync.contract.shapes.recognitions import RecognitionLevel
from tenant_service.performance.rules import Deed
from tenant_service.performance.scheme_rules import HUNDRED, DeedPoints, RoleExtra, SchemeRules

_SUGGESTED = "分值为建议，采用后请按本会文件修改，再施行。"


@dataclass(frozen=True)
class Template:
    """A scheme to be copied."""

    name: str
    rules: SchemeRules
    note: str


def _deed(deed: Deed, each: float, cap: float | None = None, least: int = 0, short: float = 0) -> DeedPoints:
    most = None if cap is None else round(cap * HUNDRED)
    return DeedPoints(deed, round(each * HUNDRED), most, least, round(short * HUNDRED))


def _role(role: ParticipationRole | RecognitionLevel, extra: float) -> RoleExtra:
    return RoleExtra(role.value, round(extra * HUNDRED))


_SPEAKING = [
    _role(ParticipationRole.CHAIR, 1), _role(ParticipationRole.SPEAKER, 2),
    _role(ParticipationRole.WRITTEN_SPEAKER, 1),
]  # fmt: skip
_LEVELS = [
    _role(RecognitionLevel.NATION_LEADER, 20), _role(RecognitionLevel.PROVINCE_MAIN, 15),
    _role(RecognitionLevel.PROVINCE_LEADER, 10), _role(RecognitionLevel.CITY_MAIN, 6),
    _role(RecognitionLevel.CITY_LEADER, 4), _role(RecognitionLevel.NATION, 10), _role(RecognitionLevel.PROVINCE, 5),
    _role(RecognitionLevel.CITY, 3), _role(RecognitionLevel.DISTRICT, 1),
]  # fmt: skip
_PENALTIES = [_deed(Deed.ABSENCE, -5, 20), _deed(Deed.CRITICISM, -10)]


TEMPLATES: dict[str, Template] = {
    "five_ones": Template(
        "“五个一”履职积分",
        SchemeRules(
            [
                _deed(Deed.SERVICE, 20, 20, 1, 5),
                _deed(Deed.OPINION, 20, 20, 1, 5),
                _deed(Deed.TALK, 20, 20, 1, 5),
                _deed(Deed.HELPING, 20, 20, 1, 5),
                _deed(Deed.CONTACT_CARD, 20, 20, 1, 5),
                *_PENALTIES,
            ],
            [],
            90 * HUNDRED,
            70 * HUNDRED,
            60 * HUNDRED,
            cap=100 * HUNDRED,
            is_once=False,
            warn_below=40 * HUNDRED,
        ),
        "每名委员每年开展一次服务、提一条意见、作一次宣讲、帮扶一户、发一张联系卡。每项20分，缺一项另扣5分。"
        + _SUGGESTED,
    ),
    "meetings_and_words": Template(
        "会议活动与建言积分",
        SchemeRules(
            [
                _deed(Deed.MEETING, 5, 20, 2, 10),
                _deed(Deed.INVITED_CONSULTATION, 3, 15),
                _deed(Deed.CONSULTATION, 3, 15),
                _deed(Deed.INSPECTION, 3, 15),
                _deed(Deed.RESEARCH, 3, 15),
                _deed(Deed.SUPERVISION, 3, 9),
                _deed(Deed.STUDY, 2, 10),
                _deed(Deed.PROPOSAL, 8, 24, 1, 10),
                _deed(Deed.CO_SIGNING, 2, 6),
                _deed(Deed.OPINION, 4, 20),
                _deed(Deed.SPEECH, 6, 12),
                _deed(Deed.REPORT, 5, 10),
                _deed(Deed.TOPIC, 2, 6),
                _deed(Deed.ADOPTED, 6),
                _deed(Deed.INSTRUCTION, 8),
                _deed(Deed.AWARD, 5, 15),
                *_PENALTIES,
            ],
            [*_SPEAKING, *_LEVELS],
            90 * HUNDRED,
            70 * HUNDRED,
            60 * HUNDRED,
            base=20 * HUNDRED,
            warn_below=50 * HUNDRED,
            shows_place=True,
        ),
        "基础分20分。参加会议活动、提案、社情民意信息、大会发言分别计分，同一事项采用和批示就高计分，不重复。全年参加会议少于2次、"
        "未提交提案的扣分。" + _SUGGESTED,
    ),
    "reading": Template(
        "书香政协年度考核",
        SchemeRules(
            [
                _deed(Deed.READING, 5, 40, 2, 5),
                _deed(Deed.ONLINE_READING, 1, 20),
                _deed(Deed.STUDY, 4, 20),
                _deed(Deed.MEETING, 5, 20),
                _deed(Deed.TALK, 5, 10),
            ],
            _SPEAKING,
            85 * HUNDRED,
            70 * HUNDRED,
            60 * HUNDRED,
            base=40 * HUNDRED,
            cap=100 * HUNDRED,
            warn_below=50 * HUNDRED,
        ),
        "读书情况纳入委员和专委会年度考核（书香政协·文化上街）：线下读书活动、线上阅读、学习培训计分，专委会之间可比较。"
        + _SUGGESTED,
    ),
    "both_links": Template(
        "双联与服务群众积分",
        SchemeRules(
            [
                _deed(Deed.SERVICE, 5, 60, 12, 10),
                _deed(Deed.DUTY, 4, 24),
                _deed(Deed.EXCHANGE, 3, 15),
                _deed(Deed.HELPING, 6, 18),
                _deed(Deed.TALK, 4, 12),
                _deed(Deed.TOPIC, 4, 16),
                _deed(Deed.CONSULTATION, 3, 15),
                _deed(Deed.OPINION, 4, 16),
                *_PENALTIES,
            ],
            _SPEAKING,
            90 * HUNDRED,
            70 * HUNDRED,
            50 * HUNDRED,
            cap=120 * HUNDRED,
            warn_below=30 * HUNDRED,
        ),
        "委员联网格：每月25日网格服务日，全年12次；值班接待、走访、荐题计分。" + _SUGGESTED,
    ),
}
