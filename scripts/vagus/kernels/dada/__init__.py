"""Kernels of the ``dada`` engine and of the search for chimeras."""
