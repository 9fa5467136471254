"""Pages of what comes of the programme."""
