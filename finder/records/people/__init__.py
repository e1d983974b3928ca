"""Accounts of staff: passwords, second factors, log-in and its limits."""
