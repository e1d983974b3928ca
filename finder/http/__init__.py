"""What pages and API share of the web: services, assets, body limits, compression, security headers, metrics,
open reports.
"""
