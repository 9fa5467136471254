"""Pages that need every number."""
