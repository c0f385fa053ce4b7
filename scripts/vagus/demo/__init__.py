"""Simulated reads with known truth: the demo cohort, power planning, and the comparison."""
