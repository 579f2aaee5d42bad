"""What runs the models in a cloud."""
