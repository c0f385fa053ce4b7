"""What made the results: its record, the checksums of what came out, and how to do it again."""
