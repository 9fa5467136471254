"""Who did what, and who read or took along what belongs to people."""
