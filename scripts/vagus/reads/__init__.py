"""The reads stage."""
