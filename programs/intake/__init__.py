"""Reading lists of participants as people really keep them; nothing here writes."""
