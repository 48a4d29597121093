"""清单与交办 (assignments): suggestions and findings, who is to carry them out, and what came of each."""
