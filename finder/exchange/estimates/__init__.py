"""Requests for estimates and their answers: as JSON and lines of JSON (NDJSON), as a table (CSV).

``json_requests`` and ``table`` read and answer them; ``services_cell`` is how a table writes the services of a visit.
What works an estimate out is given by the caller.
"""
