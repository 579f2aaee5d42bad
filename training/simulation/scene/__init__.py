"""One simulated frame: how the note is held and moves, how all is drawn, and its truth."""
