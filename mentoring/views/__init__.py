"""Pages of visits, their plans, action items and assignments."""
