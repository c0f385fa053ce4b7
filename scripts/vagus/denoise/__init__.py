"""The denoise stage: the door to the engines, and the study's table of their variants."""
