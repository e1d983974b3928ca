"""The table that staff keep themselves: taken out, changed, put in again, faulty rows corrected."""
