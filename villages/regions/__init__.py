"""The Kemendagri list of places: read it, check it whole, load it in one step."""
