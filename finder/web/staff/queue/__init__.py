"""What waits for staff: calls, reports, faulty rows."""
