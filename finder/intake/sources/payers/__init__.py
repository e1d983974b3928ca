"""What insurers publish: networks, directories, rates, marketplace plans."""
