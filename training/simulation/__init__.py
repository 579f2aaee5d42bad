"""Simulated presentations: a virtual hand shows a note to a modelled camera, with the truth of every frame."""
