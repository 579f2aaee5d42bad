"""The bundle's network beside what else could run it."""
