"""Which model answers: loaded, warmed, followed, kept."""
