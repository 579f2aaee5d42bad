"""Presentations made in code: a virtual hand holds a note in front of a camera model, with the truth of every frame."""
