"""Tests of numbers and labels that know nothing of a study: ranks, permutations, effect sizes."""
