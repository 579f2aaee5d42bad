"""From a note in view to its value's speech."""
