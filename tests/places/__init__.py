"""Tests of finder.places."""
