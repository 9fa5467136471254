"""Words that pages of what comes of the programme share."""
