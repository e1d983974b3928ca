"""The visitor's list, kept in the address, and the comparison of up to four listings."""
