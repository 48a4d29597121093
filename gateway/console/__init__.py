"""驾驶舱 (the cockpit): what a city's people see of many committees. It asks only through the gateway's own engine."""
