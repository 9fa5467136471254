"""Pages of the sheets of sessions, and of who keeps away."""
