"""The generator of the bundled sample of fictional providers."""
