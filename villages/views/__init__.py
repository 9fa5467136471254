"""Pages of villages, people and numbers."""
