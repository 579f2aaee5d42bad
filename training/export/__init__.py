"""Exports of a trained network: the bundle, and other formats that are proved equal to it."""
