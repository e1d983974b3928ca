"""The published dataset: providers, the release file that holds them, and the index that searches them.

Releases are immutable here: ``finder.intake`` makes them.
"""
