"""Command lines: the ``vagus`` command and what the step programs share."""
