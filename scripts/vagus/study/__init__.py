"""What a study is: its settings, its sample sheet and its design."""
