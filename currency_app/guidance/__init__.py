"""Light, sharpness and the note's place in the picture become at most one hint at a time."""
