"""From staged files to a published release and back: stage, publish, roll back, export, backup."""
