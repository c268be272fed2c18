"""From results to words, tables and the brief."""
