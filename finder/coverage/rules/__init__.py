"""The rules of Part B: what a claim is worth and who pays which share of it, each rule with its authority."""
