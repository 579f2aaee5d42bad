"""The network: a backbone with two heads, what it is trained to say, and its trained weights."""
