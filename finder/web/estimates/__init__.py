"""What therapy costs: the questions, the answer, a course of care, its chart and its tables.

A page's address is its question, so that it can be printed, shared and asked again; nothing is kept.

- ``questions``: what is asked, as one table of rows; which questions matter for the answers given so far.
- Asking: ``requests`` makes the request for ``finder.coverage``, ``form_errors`` puts its errors at the questions.
- Answering: ``answering`` asks, ``answer_page`` and ``course_page`` lay out a page, ``summary`` says what was answered;
  ``chart`` and ``csv_rows`` are the same as a picture and for a spreadsheet. ``views`` has the addresses.
- Many at once: ``batch`` answers a table of requests.
"""

from finder.web.estimates.views import blueprint

__all__ = ["blueprint"]
