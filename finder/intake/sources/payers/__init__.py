"""Files of insurers: networks, directories, rates, marketplace plans."""
