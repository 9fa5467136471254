"""Reading lists of people as they are really kept: headings, names, numbers, births; nothing here asks the database."""
