"""Cleaning of single fields: telephone numbers, ZIP codes, states, names of people and streets."""
