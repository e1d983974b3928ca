"""The release: one immutable file of tables and arrays, how it is written and read, how two of them differ."""
