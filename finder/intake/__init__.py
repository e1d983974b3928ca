"""From public files and staff edits to a release: readers, layers, notices, merge, checks, diff, publish."""
