"""Single fields made clean: telephone numbers, ZIP codes, states, names of people and of streets."""
