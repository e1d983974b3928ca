"""Download the public files, at a limited rate and resumable after a stop. Nothing is parsed or staged here."""
