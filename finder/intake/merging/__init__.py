"""Merging of layers into one directory by precedence, with staff decisions and checks."""
