"""Makes the model: images in, a measured model bundle out."""

__all__: list[str] = []
"""Everything is in the rooms: what each offers is in its own list."""
