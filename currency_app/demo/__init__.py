"""The demonstration: drawn US banknotes that a drawn hand holds before a drawn room, as one more source."""
