"""The stopwatch: a large invented country, and how fast the pages answer beside a bare Django view."""
