"""What a minister can read: the report card of a village, the monthly report of a region, what a mentor did."""
