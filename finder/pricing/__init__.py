"""What therapy costs at a place, for a person's insurance: here directory and coverage meet, for pages, API and CLI.

``answers`` holds what a person answered about their insurance, ``requests`` makes the request for ``finder.coverage``
of them, and ``prices`` remembers what it answers. Nothing here knows of forms, addresses or templates.
"""
