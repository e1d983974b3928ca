"""Pages that stand alone: statements, and the developers' page of all components."""
