"""The search: the first page, its form, how words were understood, the list of results and its filters."""
