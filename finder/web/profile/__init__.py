"""The page of one therapist or clinic, and the sheets that are printed of it."""
