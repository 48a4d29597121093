"""How this committee shows its records in GraphQL: types, lists, directives, one operation start to end."""
