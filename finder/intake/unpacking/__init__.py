"""Opening what is packed (zip, gzip) within one budget. Every door of the program opens archives here."""
