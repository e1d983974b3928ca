"""The rules of Part B: the amounts of a claim and the shares of its payers, each rule with its authority."""
