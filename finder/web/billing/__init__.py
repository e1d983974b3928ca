"""What a biller, or a person with a bill, asks: the fee table, the settings side by side, "is this bill right?".

Nothing is kept; the amounts of a bill are posted, and stand in no address.
"""
