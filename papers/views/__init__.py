"""Pages of what is printed."""
