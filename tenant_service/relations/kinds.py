"""How two records may belong together."""

from sync.contract.kinds import Kind


class Relation(Kind):
    """关联类别: closed; read from the first record to the second."""

    DERIVED_FROM = "DERIVED_FROM", "来源于"
    MERGED_INTO = "MERGED_INTO", "并入"
    SPLIT_FROM = "SPLIT_FROM", "拆分自"
    FOLLOWS_UP = "FOLLOWS_UP", "续办"
    GENERALISES = "GENERALISES", "由一件事到一类事"
    CONVERTED_TO = "CONVERTED_TO", "转化为"
    PART_OF = "PART_OF", "属于"
    COUNTERPART = "COUNTERPART", "对应"


BOTH_WAYS = frozenset({Relation.COUNTERPART})
"""Links that say the same read backwards; all others never lead back to where they began."""
