"""The bundled fictional providers: how they are generated."""
