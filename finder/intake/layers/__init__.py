"""Layers (the dated rows of one source), their files, and the stack of layers of a release."""
