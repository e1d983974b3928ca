"""The published release: the store, the installation, and the current directory."""
