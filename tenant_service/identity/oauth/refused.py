"""What the library refuses, in this house's words: its errors are the standard's; each has a code of ours beside."""

from typing import Any

from authlib.oauth2 import OAuth2Error

from sync.contract.errors import Code, Refusal, Said

_ZH = {
    "invalid_scope": "申请的授权范围不在登记之列", "unsupported_response_type": "response_type只能是code",
    "unsupported_grant_type": "grant_type只能是authorization_code或refresh_token",
    "unauthorized_client": "应用未登记此用法", "unsupported_token_type": "只能撤销访问凭证或续期凭证",
    "insecure_transport": "须经https访问", "login_required": "尚未登录", "consent_required": "须经本人同意",
    "access_denied": "本人未同意",
}  # fmt: skip
_CODES = {"invalid_client": Code.OAUTH_CLIENT, "invalid_grant": Code.OAUTH_GRANT}


def refusal_of(error: OAuth2Error) -> Refusal:
    """The refusal that this error is, for a page and for the answer to a program."""
    kind = str(error.error)
    if code := _CODES.get(kind):
        return Refusal(code)
    zh = _ZH.get(kind, "参数缺少、重复或有误")
    return Refusal(Code.OAUTH_REQUEST, why=Said(zh, f"{kind}: {error.get_error_description() or 'see RFC 6749'}"))


def told_of(refusal: Refusal) -> dict[str, Any]:
    """What is said of it beside `error`: the standard allows ASCII alone there."""
    return {"refusal": {"code": refusal.code.value, "zh": refusal.zh, "en": refusal.en}}
