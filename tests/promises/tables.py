"""Tables of docs/federation.md that are read out of the code: channels, fields, subjects and permissions."""

from deploy.payloads.of_messages import of_message
from deploy.payloads.of_records import of_record
from sync.bus.streams import stream_of, wanted
from sync.contract.channels import CHANNELS_OF, circle_of, log_of
from sync.contract.envelope import Envelope
from sync.contract.records import RECORDS
from sync.contract.trust.directory import Directory
from sync.contract.versions import schema_of
from sync.contract.visibility import Visible
from sync.hub import accounts
from sync.hub.plan import stream_config
from tests.promises.blocks import fenced, table
from tests.promises.scene import CITY, COUNTY, GATEWAY, MECHANISM, NATION, PARTNER, contents

_READERS = {
    "c": ("PARENT", "上级政协：目录中写明的上级", "the parent that the directory names"),
    "p": ("PROVINCE", "各上级，至省级", "all ancestors below the national level"),
    "n": ("NATION", "各上级，至全国", "all ancestors"),
    "d": ("SUBTREE", "下级政协", "everybody below"),
    "m_<hex>": ("MECHANISM", "联动机制成员", "the other members of the mechanism"),
    "x_<id>": ("PARTNER", "指定政协，正文加密", "that committee; the body is sealed to it"),
    "o": ("OPEN", "上级、下级、同级、机制伙伴", "parent, children, siblings, mechanism partners"),
}
_EXAMPLES = {"m_<hex>": f"m_{MECHANISM}", "x_<id>": f"x_{PARTNER}"}


def channels(_was: str) -> str:
    directory = Directory(contents())
    rows = []
    for name, (scope, zh, en) in _READERS.items():
        channel = _EXAMPLES.get(name, name)
        readers = ", ".join(directory.readers(log_of(COUNTY, channel))) or "—"
        rows.append([f"`{name}`", f"`{scope}`", zh, en, f"`{circle_of(channel)}`", readers])
    assert {each[0] for each in _READERS} == set("".join(CHANNELS_OF.values()))
    return table(["channel", "scope", "谁能读", "readers", "told up to", f"readers of {COUNTY} in the example"], rows)


def fields(_was: str) -> str:
    """Which fields of a record who is told."""
    rows = []
    for kind in RECORDS:
        schema = of_record(kind)
        told: dict[str, list[str]] = {}
        for name, part in schema["properties"].items():
            told.setdefault(part["x-visible"], []).append(name)
        everybody = told.get(Visible.PUBLIC, []) + told.get(Visible.FEDERATION, [])
        cells = [everybody, told.get(Visible.MECHANISM, []), told.get(Visible.PARENT, []), schema["x-never-travels"]]
        name = schema_of(kind)
        rows.append([f"[{name}](schemas/{name.replace('/', '-')}.json)", *(", ".join(each) or "—" for each in cells)])
    return table(
        ["record", "on every channel", "also on `m_`, `x_`, `c`, `p`, `n`", "only on `c`, `p`, `n`", "never"], rows
    )


def envelope_fields(_was: str) -> str:
    schema = of_message("envelope/1", Envelope)
    rows = [
        [f"`{name}`", "yes" if name in schema["required"] or name == "specversion" else "where it is not empty",
         part.get("description", "`1.0`")]
        for name, part in schema["properties"].items()
    ]  # fmt: skip
    return table(["field", "written", "meaning"], rows)


def permissions(_was: str) -> str:
    """All that the example county's account may do at the hub, and a gateway's."""
    directory = Directory(contents())
    keys = dict.fromkeys(directory.committees, "A")
    county = accounts.committee(COUNTY, wanted(directory), "HUB", "SWITCHBOARD", keys)
    gateway = accounts.gateway(GATEWAY, "HUB", keys)
    lines = [
        *(f"{COUNTY} may publish to  {each['subject']}" for each in county["imports"]),
        *(f"{COUNTY} answers on      {each['subject']}" for each in county["exports"]),
        *(f"{GATEWAY} may publish to  {each['subject']}" for each in gateway["imports"][:3]), "…",
    ]  # fmt: skip
    assert NATION in directory.committees
    return fenced("", "\n".join(lines))


def stream(_was: str) -> str:
    """How the hub declares the example county's stream."""
    subjects = sorted(wanted(Directory(contents())).streams[stream_of(COUNTY)])
    config = stream_config(stream_of(COUNTY), subjects)
    shown = {
        "name": config.name, "subjects": f"{len(subjects)} listed one by one, from {subjects[0]}",
        "storage": config.storage, "discard": config.discard, "allow_atomic": config.allow_atomic,
        "allow_direct": config.allow_direct, "max_age": config.max_age, "max_msg_size": config.max_msg_size,
        "max_msgs_per_subject": config.max_msgs_per_subject,
    }  # fmt: skip
    assert CITY in Directory(contents()).committees
    return fenced(
        "", "\n".join(f"{name}: {str(getattr(value, 'value', value)).lower()}" for name, value in shown.items())
    )
