"""A trained network leaves Keras: TFLite files and the bundle around them."""
