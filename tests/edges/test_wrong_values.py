"""Both doors explain a wrong value in both languages, wherever it stands."""

from typing import Any

import pytest

from tests.edges.doors import Door

BY_VARIABLE = """query ($order: ActivityOrder! = STARTS_AT_DESC, $where: ActivityFilter) {
    activities(orderBy: $order, where: $where) { nodes { id } } }"""


@pytest.mark.parametrize(
    ("document", "variables", "zh"),
    [
        ("{ activities(orderBy: STARTS) { nodes { id } } }", {}, "ActivityOrder 没有“STARTS”这个取值"),
        ("{ activities(where: {kinds: [HAL]}) { nodes { id } } }", {}, "ActivityKind 没有“HAL”这个取值"),
        (BY_VARIABLE, {"order": "STARTS"}, "变量 $order：ActivityOrder 没有“STARTS”这个取值"),
        (BY_VARIABLE, {"where": {"kinds": ["HAL"]}}, "变量 $where 的 .kinds[0]：ActivityKind 没有“HAL”这个取值"),
        (BY_VARIABLE, {"where": {"since": "soon"}}, "变量 $where 的 .since：时间须按 ISO 8601 书写并带时区"),
        ('{ activities(where: {since: "2026-01-01T00:00"}) { nodes { id } } }', {}, "时间须按 ISO 8601 书写并带时区"),
        ("{ activities { nodes { size } } }", {}, "Activity 没有字段 size"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("role", ["", "clerk"])
def test_a_wrong_value_is_explained_in_both_languages(
    door: Door, document: str, variables: dict[str, Any], zh: str, role: str
) -> None:
    told = door.ask(document, role, **variables).json()
    assert not told.get("data")
    for error in told["errors"]:
        assert error["message"]
        assert error["extensions"]["code"] == "INVALID"
        assert error["extensions"]["zh"] == f"查询不正确：{zh}"
