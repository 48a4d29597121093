"""Who asks this gateway: by a token that they bring, or by the cookie of a browser that signed in at home."""
