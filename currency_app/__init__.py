"""Say the value of a banknote held to a webcam, on the user's own computer."""

__version__ = "0.1.0"

__all__ = ["__version__"]
