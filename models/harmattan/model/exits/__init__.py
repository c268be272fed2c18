"""What exits did elsewhere: a small model of its own. No fit of a record depends on it, so it has its own folder."""
