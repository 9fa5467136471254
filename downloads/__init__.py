"""Every list as a table to take along: streamed as CSV or written as a workbook, by who may read it, and noted."""
