"""Insurance plans and networks: their keys, what they are, and which of them speak for which."""
