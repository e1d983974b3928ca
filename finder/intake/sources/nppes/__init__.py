"""The NPPES files, and the NPI Registry with the same records."""
