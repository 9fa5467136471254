"""Wiring: how the product is set up, started, watched and stopped."""
