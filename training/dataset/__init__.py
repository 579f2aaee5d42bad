"""Labelled images: where they are, what they show, and the notes that can be cut out of them."""
