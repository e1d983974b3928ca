"""The table that staff maintain: its export as CSV, and the correction of faulty rows."""
