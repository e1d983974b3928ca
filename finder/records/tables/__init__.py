"""The tables of the records: what data, cases and accounts are stored as."""
