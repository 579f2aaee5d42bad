"""From a connection to the bytes of images: heads, keys, bodies and forms, each within limits."""
