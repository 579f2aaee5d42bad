"""Runs a command with the network denied and all folders but some closed to writing, and tells what it tried.

Where Linux lets an ordinary user have it, the kernel denies both: the network by a namespace without one, files by
Landlock. In any case a guard in each Python process denies them too, and writes down what was tried.
"""
