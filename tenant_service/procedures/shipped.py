"""规程模板: procedures that come with the product, as data. A committee adopts one as a draft of its own, and edits it.

What a source says of a procedure is here, and what it does not say the note says.
"""

from sync.contract.shapes.procedures import Need, ProcedureUse
from tenant_service.procedures.descriptions import Draft
from tenant_service.procedures.rules import Step

_TERMS = "各步期限、所需材料未见规定，采用后请按本会实际填写。"
_UNNAMED = "公开资料只有名称和步数，未列出各步内容。步骤名称为占位（第一步……），采用后请按本会做法修改，再施行。"


def _unnamed(*names: str) -> tuple[Step, ...]:
    return tuple(Step(f"step{number}", name) for number, name in enumerate(names, 1))


TEMPLATES: dict[str, Draft] = {
    "433": Draft(
        "四三三协商工作法", ProcedureUse.TOPIC,
        (
            Step("select", "议题选定", needs=(Need.DECISION,), stage="盼（前端）"),
            Step("plan", "制订方案", needs=(Need.PLAN,), papers=("协商方案",), stage="盼（前端）"),
            Step("research", "组织调研", needs=(Need.RESEARCH,), papers=("调研报告",), stage="商（中端）"),
            Step("consult", "现场协商", needs=(Need.SESSION, Need.ITEMS), papers=("《协商建议清单》",),
                 stage="商（中端）"),
            Step("report", "报送成果", needs=(Need.REPORT, Need.ASSIGNMENTS),
                 papers=("协商成果报告", "《责任落实清单》"), stage="办（末端）"),
            Step("track", "跟踪落实", needs=(Need.REPLIES, Need.ANSWER), papers=("《结果反馈清单》",),
                 stage="办（末端）"),
        ),
        "四商：商什么、谁来商、怎么商、商成啥。三事：前端“盼”、中端“商”、末端“办”。三清单：《协商建议清单》《责任落实清单》"
        "《结果反馈清单》。议题来源六种：党政点题、两委找题、委员荐题、群众出题、公开征题、网络筛题；分类储题、多元选题、精准定题。"
        "中端：群众提、部门商、专家评、委员议。各步属于哪一端为建议。" + _TERMS,
    ),
    "shuanglian": Draft(
        "双联（界别联镇街、委员联网格）", ProcedureUse.LINKING,
        (
            Step("pair", "结对安排", needs=(Need.PLAN,)), Step("visit", "走访联系"), Step("collect", "收集民意"),
            Step("handle", "协商办理", needs=(Need.ITEMS,)), Step("feedback", "反馈答复", needs=(Need.REPLIES,)),
        ),
        "公开资料说明服务团组与镇街结对、委员与网格结对，未列出步骤；以下步骤为建议，请按本会做法修改。" + _TERMS,
    ),
    "supervision": Draft(
        "民主监督", ProcedureUse.SUPERVISION,
        (
            Step("plan", "研究谋划", needs=(Need.PLAN,), papers=("监督方案",)),
            Step("research", "调研", needs=(Need.RESEARCH,)),
            Step("meeting", "座谈", needs=(Need.SESSION,)),
            Step("campaign", "专项监督", needs=(Need.FINDINGS,), papers=("问题清单",)),
            Step("handover", "移交整改", needs=(Need.ASSIGNMENTS,)),
            Step("recheck", "复查核实", needs=(Need.REPLIES, Need.RECHECK)),
        ),
        _TERMS,
    ),
    "proposal": Draft(
        "提案办理", ProcedureUse.PROPOSAL,
        (
            Step("submit", "提出"), Step("review", "审查立案", needs=(Need.DECISION,)),
            Step("handover", "交办", needs=(Need.ASSIGNMENTS,)), Step("handle", "办理"),
            Step("reply", "答复", needs=(Need.REPLIES,)), Step("opinion", "征询意见", papers=("《征询意见表》",)),
            Step("archive", "归档"),
        ),
        "按提案办理通行程序列出。" + _TERMS,
    ),
    "seven-steps": Draft(
        "七步协商法", ProcedureUse.TOPIC,
        _unnamed("第一步", "第二步", "第三步", "第四步", "第五步", "第六步", "第七步"), _UNNAMED,
    ),
    "five-steps": Draft(
        "五步工作法", ProcedureUse.TOPIC, _unnamed("第一步", "第二步", "第三步", "第四步", "第五步"), _UNNAMED
    ),
    "research-checks": Draft(
        "五要五不调研法", ProcedureUse.TOPIC,
        tuple(
            Step(f"{code}{number}", f"{name}之{word}", stage=f"五{name}")
            for code, name in (("do", "要"), ("dont", "不"))
            for number, word in enumerate("一二三四五", 1)
        ),
        "调研检查单：公开资料只有名称，未列出五要、五不各是什么。条目名称为占位（要之一……），采用后请按本会做法修改，再施行；"
        "调研时逐条核对。" + _TERMS,
    ),
}  # fmt: skip
"""By the code that the adopted procedure has."""
