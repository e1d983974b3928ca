"""Layers joined into one directory by written precedence, staff decisions among them, and checked."""
