"""A layer, what one source says as rows with their dates, its file, and the stack of a release."""
