"""The addresses of pages: arguments that links carry, language, display settings, form tokens, downloads."""
