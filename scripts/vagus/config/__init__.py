"""Config and sample sheet: the schema, the defaults, the study that they describe."""
