"""The published dataset: what a provider is, the release file that holds them, and the index that finds them.

Nothing here changes a release: releases are made in ``finder.intake``.
"""
