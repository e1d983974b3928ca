"""What pages and API share of the web: services, assets, compression, security headers, metrics, open reports."""
