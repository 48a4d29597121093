"""An OAuth 2.1 and OpenID Connect server over this committee's accounts, on the library's framework-free core."""
