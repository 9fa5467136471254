"""Tests of samples, claims, exports and figures."""
