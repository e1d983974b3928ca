"""The results on a map: drawn without a third party, and with street tiles when a visitor asks for them."""
