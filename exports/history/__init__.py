"""What happened to each row, in sentences."""
