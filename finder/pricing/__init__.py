"""What therapy costs at a place, for a person's insurance: here directory and coverage meet, for pages, API and CLI.

``insurance`` holds what a price needs to know of a person, ``requests`` makes the request for ``finder.coverage``, and
``prices`` remembers what it answers. Nothing here knows of forms, addresses or templates.
"""
