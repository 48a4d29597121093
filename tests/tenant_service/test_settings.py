"""A committee's settings: the defaults stand together, and what would be dangerous does not start."""

from pathlib import Path

import pytest

from sync.edge.budget import Limits
from tenant_service.settings import BadSetting, Periods, is_loopback, read

GOOD = {"LIANDONG_TENANT_COMMITTEE": "330421"}


def settings(**told: str) -> object:
    return read(None, GOOD | {f"LIANDONG_TENANT_{name.upper()}": value for name, value in told.items()})


def test_a_committee_needs_nothing_but_its_id() -> None:
    found = read(None, GOOD)
    assert (found.committee, found.http_host, found.demo, found.hub) == ("330421", "127.0.0.1", False, None)
    assert found.limits == Limits()
    assert not found.is_https


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ({"committee": "嘉善"}, "committee"),
        ({"demo": "true", "http_host": "0.0.0.0"}, "loopback"),  # noqa: S104 — what must not start
        ({"demo": "true", "http_host": "192.168.1.5"}, "loopback"),
        ({"demo": "true", "http_host": "zx.example"}, "loopback"),
        ({"demo": "true", "public_url": "https://zx.example"}, "loopback"),
        ({"public_url": "zx.example"}, "public_url"),
        ({"public_url": "https://zx.example/path"}, "public_url"),
        ({"token_seconds": "901"}, "token_seconds"),
        ({"audit_months": "5"}, "KEPT_TOO_SHORT"),
        ({"session_hours": "0"}, "session_hours"),
        ({"session_idle_minutes": "-1"}, "session_idle_minutes"),
        ({"sign_ins_per_minute": "0"}, "sign_ins_per_minute"),
        ({"periods_reply_workdays": "0"}, "PERIODS_REPLY_WORKDAYS"),
        ({"periods_unsettled_days": "400"}, "PERIODS_UNSETTLED_DAYS"),
        ({"periods_nonsense": "5"}, "NONSENSE"),
        ({"trusted_proxies": "proxy"}, "TRUSTED_PROXIES"),
        ({"sms_url": "http://sms.example/send"}, "sms.url"),
        ({"sms_templates": "SMS_1"}, "sms.templates"),
        ({"webhook_url": "https://bridge.example"}, "webhook.secret"),
        ({"mail_host": "smtp.example"}, "mail.sender"),
        ({"mail_host": "smtp.example", "mail_sender": "a@zx.example", "mail_tls": "none"}, "mail.tls"),
        ({"notification_days": "0"}, "notification_days"),
        ({"nonsense": "1"}, "NONSENSE"),
    ],
)
def test_what_cannot_be_meant_does_not_start(told: dict[str, str], named: str) -> None:
    with pytest.raises(BadSetting, match=named):
        settings(**told)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost"])
def test_a_demo_starts_where_only_this_machine_reaches_it(host: str) -> None:
    assert is_loopback(host)
    assert settings(demo="true", http_host=host.strip("[]"))


def test_paths_are_meant_from_the_files_folder(tmp_path: Path) -> None:
    file = tmp_path / "tenant.toml"
    file.write_text('committee = "330421"\nkeys = "secret"\n[limits]\ntokens = 500\n[periods]\nreply_workdays = 60\n')
    found = read(file, {})
    assert found.keys == tmp_path / "secret"
    assert found.limits.tokens == 500
    assert found.periods == Periods(reply_workdays=60)
    assert read(None, GOOD | {"LIANDONG_TENANT_PERIODS_UNSETTLED_DAYS": "30"}).periods.unsettled_days == 30
