"""What one frame shows: the model bundle, its network, and the recognizer that reads the note's value and place."""
