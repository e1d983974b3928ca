"""The guide: its texts read, and its pages."""
