"""The sub-commands of `currency-app`: arguments in, App out. One module each; heavy imports sit in its functions."""
