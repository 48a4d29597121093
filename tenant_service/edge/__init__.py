"""The committee's hardened edge over HTTP: GraphQL, tokens, signing in, probes, and what guards all paths."""
