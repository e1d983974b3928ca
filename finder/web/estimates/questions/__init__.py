"""The questions of the estimate, each group with its form fields."""
