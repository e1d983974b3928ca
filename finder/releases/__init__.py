"""The release that is published now: where it is stored, how an installation is opened, what serves it."""
