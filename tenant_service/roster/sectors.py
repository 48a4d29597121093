"""How rosters write sectors (界别) and parties (党派), and which shared codes they mean."""

import re
import unicodedata
from collections.abc import Mapping

from sync.contract.shapes.sectors import Party, Sector

_ALIASES: dict[Sector, str] = {
    Sector.CPC: "中共 中国共产党",
    Sector.RCCK: "民革 中国国民党革命委员会",
    Sector.CDL: "民盟 中国民主同盟",
    Sector.CNDCA: "民建 中国民主建国会",
    Sector.CAPD: "民进 中国民主促进会",
    Sector.CPWDP: "农工党 农工 农工民主党 中国农工民主党",
    Sector.CZGP: "致公党 致公 中国致公党",
    Sector.JIUSAN: "九三学社 九三",
    Sector.TDSL: "台盟 台湾民主自治同盟",
    Sector.NON_PARTY: "无党派人士 无党派 无党派民主人士",
    Sector.YOUTH: "共青团和青联 共青团、青联 共青团青联 共青团 青联 团委 青年",
    Sector.TRADE_UNIONS: "总工会 工会",
    Sector.WOMEN: "妇联 妇女 妇女联合会",
    Sector.INDUSTRY_COMMERCE: "工商联 工商 工商业联合会 工商业",
    Sector.SCIENCE_ASSOCIATION: "科协 科学技术协会",
    Sector.TAIWAN_COMPATRIOTS: "台联 台胞 台湾同胞联谊会",
    Sector.OVERSEAS_RETURNED: "侨联 侨 归侨侨眷 归国华侨联合会",
    Sector.CULTURE_ARTS: "文化艺术 文艺 文化",
    Sector.SCIENCE_TECHNOLOGY: "科学技术 科技",
    Sector.SOCIAL_SCIENCES: "社会科学 社科",
    Sector.ECONOMY: "经济",
    Sector.AGRICULTURE: "农业 农业农村 农业和农村 农林",
    Sector.EDUCATION: "教育",
    Sector.SPORTS: "体育",
    Sector.PRESS_PUBLISHING: "新闻出版 新闻",
    Sector.MEDICINE_HEALTH: "医药卫生 医卫 医疗卫生 卫生健康 卫生",
    Sector.FRIENDSHIP_ABROAD: "对外友好",
    Sector.WELFARE_SOCIAL_SECURITY: "社会福利和社会保障 社会福利与社会保障 社会福利 社会保障",
    Sector.ENVIRONMENT_RESOURCES: "环境资源 资源环境 环境和资源 环境与资源",
    Sector.ETHNIC_MINORITIES: "少数民族 民族",
    Sector.RELIGION: "宗教",
    Sector.HONG_KONG: "特邀香港人士 特邀香港 香港",
    Sector.MACAO: "特邀澳门人士 特邀澳门 澳门",
    Sector.SPECIALLY_INVITED: "特别邀请人士 特邀人士 特别邀请 特邀",
}

_PARTY_ALIASES: dict[Party, str] = {
    Party.CPC: "中共 中国共产党 中共党员 中共预备党员 党员",
    **{Party[each.name]: _ALIASES[each] for each in list(Sector)[1:10]},
    Party.MASSES: "群众 普通群众",
}

_BRACKETS = re.compile(r"\(.*?\)")
_ENDINGS = re.compile(r"(?<=.)(?:界别组?|界|组|会员|社员|盟员|党员)$")


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name)
    return "".join(_BRACKETS.sub("", plain).split())


_SECTORS = {_folded(alias): sector for sector, aliases in _ALIASES.items() for alias in aliases.split()}
_SECTORS |= {_folded(sector.label): sector for sector in Sector}
_PARTIES = {_folded(alias): party for party, aliases in _PARTY_ALIASES.items() for alias in aliases.split()}


def sector_named(name: str, local: Mapping[str, Sector]) -> Sector | None:
    """The shared code of a sector as a roster writes it; `local`: the committee's own names for them come first."""
    plain = _folded(name)
    own = {_folded(each): sector for each, sector in local.items()}
    return own.get(plain) or _SECTORS.get(plain) or _SECTORS.get(_ENDINGS.sub("", plain)) or Sector.known(plain)


def party_named(name: str) -> Party | None:
    """The code of a party as a roster writes it: 民盟, 中国民主同盟, 民盟盟员."""
    plain = _folded(name)
    return _PARTIES.get(plain) or _PARTIES.get(_ENDINGS.sub("", plain)) or Party.known(plain)
