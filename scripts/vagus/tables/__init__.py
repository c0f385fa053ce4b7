"""Tables: the registry that describes them, their reader, writer and check, counts of reads."""

from vagus.tables.tsv import check_columns, make_names, read_table, write_table

__all__ = ["check_columns", "make_names", "read_table", "write_table"]
