"""A release's filter columns as arrays in memory, and what is answered from them: who is near, facets, pages."""
