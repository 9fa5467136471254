"""How lists of samples, claims, buyers, exports and figures are narrowed; the same on pages and in the API."""
