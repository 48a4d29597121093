"""Who may be told a canary, as docs/policy.md prints it; the program is not asked."""

import re
from pathlib import Path

from sync.contract.channels import PLAIN, Scope
from sync.contract.visibility import Visible
from tests.canaries.federation import FAR, RELATIONS
from tests.canaries.markers import Leave, Marker

_ROW = re.compile(r"^\| ([a-z ]+) \S+ \| (office|others|everybody) \S+ \| (\S+) \| `([A-Z]+)` \S+ \|$", re.MULTILINE)
_LETTERS = {scope.label: letter for scope, letter in PLAIN.items()} | {
    Scope.MECHANISM.label: "m", Scope.PARTNER.label: "x"
}  # fmt: skip
OFFICE, OTHERS, EVERYBODY = "office", "others", "everybody"


def table(page: str) -> dict[tuple[str, str], dict[str, Visible]]:
    """Relation and who → first letter of the channel → the circle they are told."""
    found: dict[tuple[str, str], dict[str, Visible]] = {}
    for relation, who, scopes, circle in _ROW.findall(page):
        letters = found.setdefault((relation, who), {})
        letters |= {_LETTERS[each]: Visible[circle] for each in scopes.split("、")}
    return found


PRINTED = table((Path(__file__).parents[2] / "docs" / "policy.md").read_text(encoding="utf-8"))


def may_be_told(marker: Marker, reader: str, who: str) -> bool:
    """Whether somebody of `reader` may be told it where it is; nobody's `reader` is empty."""
    if reader == marker.owner:
        return True
    relation = RELATIONS[marker.owner][reader] if reader else "none"
    letters = PRINTED.get((relation, who), {})
    return any(_reaches(each, reader, letters) for each in marker.leaves)


def is_held(marker: Marker, reader: str) -> bool:
    """Whether it is told to the database of `reader`. Of what is open only neighbours are told."""
    relation = RELATIONS[marker.owner][reader]
    letters = dict(PRINTED[relation, OFFICE])
    if relation in FAR:
        letters.pop("o")
    return any(_reaches(each, reader, letters) for each in marker.leaves if not each.on_the_spot)


def travels_in_clear(marker: Marker) -> bool:
    """Whether the hub carries it for everybody to see who operates it: all but what is sealed to one partner, and of
    that the record's id, for it stands on the envelope.
    """
    widest = {letter: circle for letters in PRINTED.values() for letter, circle in letters.items() if letter != "x"}
    return any(each.names or _reaches(each, "", widest) for each in marker.leaves if not each.on_the_spot)


def _reaches(leave: Leave, reader: str, letters: dict[str, Visible]) -> bool:
    return any(
        leave.circle.within(letters[channel[0]])
        for channel in leave.channels
        if channel[0] in letters and (channel[0] != "x" or channel == f"x_{reader}")
    )
