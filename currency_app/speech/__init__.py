"""What the app says and when, in which words, and the voices that make it heard."""
