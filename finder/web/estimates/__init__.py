"""What therapy costs: the questions, the answer, a course of care, its chart and its tables.

A page's address is its question, so that it can be printed, shared and asked again; nothing is kept.

- Questions: ``insurance``, ``treatment``, ``place``, ``year``, ``schedule``, put together in ``forms``; ``groups`` says
  which of them matter for the answers given so far.
- Asking: ``asking`` makes the request for ``finder.coverage``, ``wrong`` puts its errors at the questions.
- Answering: ``shown`` is what a page lays out, ``told`` what was answered; ``chart`` and ``table`` are the same as a
  picture and for a spreadsheet. ``pages`` has the addresses.
"""

from finder.web.estimates.views import blueprint

__all__ = ["blueprint"]
