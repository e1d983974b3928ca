"""The release: one immutable file of tables and arrays; writing, reading and comparing it."""
