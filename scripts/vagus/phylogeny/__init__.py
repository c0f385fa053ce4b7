"""The phylogeny stage."""
