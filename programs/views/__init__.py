"""Pages of the schedule, of sessions, and of programs and cohorts."""
