"""The NPPES files and the NPI Registry, which has the same records."""
