"""The sub-commands of `currency-train`: one module each, with its options; heavy imports sit in its functions."""
