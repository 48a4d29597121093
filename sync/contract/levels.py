"""层级: the four levels of committees."""

from sync.contract.kinds import Kind


class Level(Kind):
    """层级: the level a committee belongs to."""

    NATION = "NATION", "全国"
    PROVINCE = "PROVINCE", "省级"
    CITY = "CITY", "市级"
    COUNTY = "COUNTY", "县级"
