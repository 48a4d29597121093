"""What gateways ask committees besides GraphQL, and in which order answers come."""
