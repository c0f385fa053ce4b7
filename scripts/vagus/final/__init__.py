"""The few files that most people want of a study, in one folder."""
