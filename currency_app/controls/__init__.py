"""How the user controls a running app: one table of actions and keys, and what listens for them."""
