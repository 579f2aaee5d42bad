"""Make training pictures: notes put into scenes the way a hand holds them and a webcam sees them."""
