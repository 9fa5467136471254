"""Pages of samples, claims, buyers, exports and published figures."""
