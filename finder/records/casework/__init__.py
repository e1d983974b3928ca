"""What people report, correct, call about or ask to be left out."""
