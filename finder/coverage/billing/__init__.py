"""What a biller asks: the fees of a place, the same visit in every setting, and whether a bill is right."""
