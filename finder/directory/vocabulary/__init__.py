"""The words of the directory, each a table of ``data/reference``: specialties, offers, payers, types, needs."""
