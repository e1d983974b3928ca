"""How facts are written on every page: formats, addresses, names of plans, error pages."""
