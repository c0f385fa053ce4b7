"""The denoise stage."""
