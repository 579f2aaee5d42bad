"""Training a network by a recipe, from batches of made pictures to calibrated probabilities."""
