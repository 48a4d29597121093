"""How the parts are put on machines and started: the top layer."""
