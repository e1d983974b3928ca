"""Dated, cited figures: single parameters, fee schedules, localities, plain names of codes, and their checks."""
