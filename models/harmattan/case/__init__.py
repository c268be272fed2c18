"""The case: opened once, handed down from there."""
