"""What comes of the programme: samples and their subsidy, buyers, exports, and figures that others published."""
