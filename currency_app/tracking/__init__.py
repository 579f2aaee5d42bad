"""Notes over time: when a value is sure or doubtful, when its note has left, and which currency announces it."""
