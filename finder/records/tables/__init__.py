"""The tables of the records: data, casework, accounts."""
