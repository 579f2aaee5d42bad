"""Take labelled pictures with a camera while a voice says how to hold the note."""
