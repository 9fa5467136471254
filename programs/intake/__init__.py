"""Lists of participants: where their people belong, and how a list is shown; nothing here writes."""
