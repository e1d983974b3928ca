"""A request read, its visits calculated by the rules, and the response made: amounts, lines, steps, notes."""
