"""A second calculator of what a patient owes, written from the rules alone, to check the estimator against.

It shares no code with ``finder.coverage``: it reads the figures with its own loader and knows only plain dicts and
Decimal. Requests are valid and complete: participation, deductible, setting and services are known.
"""
