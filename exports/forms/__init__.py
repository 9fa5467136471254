"""What people type about samples, claims, buyers and exports, turned into plain values."""
