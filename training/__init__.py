"""Makes the model: images in, a measured model bundle out."""
