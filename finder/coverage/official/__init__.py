"""Reading CMS's own files of a year and turning them into ``data/medicare``.

Text in, text out, no files are touched here.
"""
