"""What a party imports and exports, its users may use, and nothing in another's name."""

import shutil
from pathlib import Path

import pytest

from sync.bus.credentials import Claims, NKey, Role
from sync.bus.streams import wanted
from sync.hub.enrolment import Enrolment
from sync.hub.keys import HubKeys
from sync.hub.server import Place
from tests.sync.hubs import CITY, COUNTY, GATEWAY, PARTNER, Hub


def covers(pattern: str, subject: str) -> bool:
    """Whether everything that `subject` (itself a pattern) names is named by `pattern`."""
    allowed, wanted = pattern.split("."), subject.split(".")
    for at, token in enumerate(allowed):
        if token == ">":
            return len(wanted) > at
        if at >= len(wanted) or wanted[at] == ">" or (token != "*" and token != wanted[at]):
            return False
    return len(allowed) == len(wanted)


@pytest.fixture(name="claims")
def _claims(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Claims]:
    folder = tmp_path_factory.mktemp("hub")
    hub = Hub(Place(folder, 4222))
    enrolment = Enrolment(HubKeys(folder / "keys"), hub.directory, wanted(hub.directory))
    return {id: claims for id, (_, claims) in enrolment.claims().items()}


def test_every_import_may_be_used_and_every_export_answered(claims: dict[str, Claims]) -> None:
    for id, told in claims.items():
        if id.startswith("switchboard"):
            assert told["limits"]["conn"] == 0, "nobody connects to it"
            continue
        speak, listen = (told["default_permissions"][each]["allow"] for each in ("pub", "sub"))
        for each in told["imports"]:
            assert any(covers(pattern, each["subject"]) for pattern in speak), (id, each["subject"])
        for each in told.get("exports", ()):
            assert any(covers(pattern, each["subject"]) for pattern in listen), (id, each["subject"])
            assert told["default_permissions"]["resp"] == {"max": 1, "ttl": 60 * 10**9}


def test_no_committee_may_speak_in_the_name_of_another(claims: dict[str, Claims]) -> None:
    for id in (CITY, COUNTY, PARTNER):
        for other in (CITY, COUNTY, PARTNER):
            for each in claims[other]["imports"] if other != id else ():
                subject = each["subject"]
                allowed = claims[id]["default_permissions"]["pub"]["allow"]
                assert not any(covers(pattern, subject) for pattern in allowed), (id, subject)


def test_a_gateway_answers_nobody(claims: dict[str, Claims]) -> None:
    assert "exports" not in claims[GATEWAY]
    assert "resp" not in claims[GATEWAY]["default_permissions"]


def test_places_with_the_same_operator_make_the_same_account_of_a_party_and_no_others_do(tmp_path: Path) -> None:
    first, other = HubKeys(tmp_path / "first"), HubKeys(tmp_path / "other")
    shutil.copytree(tmp_path / "first", tmp_path / "second")
    second = HubKeys(tmp_path / "second")
    second.admit(COUNTY)
    assert first.account(COUNTY).public == second.account(COUNTY).public
    assert len({keys.account(id).public for keys in (first, other) for id in (COUNTY, CITY)}) == 4


def test_a_key_that_lies_in_the_folder_is_the_one_that_counts(tmp_path: Path) -> None:
    keys = HubKeys(tmp_path)
    kept = NKey.new(Role.ACCOUNT)
    (tmp_path / f"account-{COUNTY}.nk").write_text(kept.seed)
    keys.admit(COUNTY)
    assert keys.account(COUNTY).public == kept.public
