"""Answers that go on: graphql-transport-ws and graphql-sse, the same for committees and gateways."""
