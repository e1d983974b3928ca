"""The parts of the reader of in-network rates: what a file speaks of, its prices, its providers, its layers."""
