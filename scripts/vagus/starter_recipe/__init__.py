"""The recipe of the shipped reference: from packages of public registries to resources/."""
