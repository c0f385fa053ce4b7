"""The cohort stage: do samples differ between groups or time points of the study's design?"""
