"""How fast the app is, and how that is told."""
