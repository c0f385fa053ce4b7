"""The tables of each stage, a module each; see ``vagus.tables.registry``."""
