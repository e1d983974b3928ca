"""The index: a release's filter columns as arrays in memory, for distance, facets and pages."""
