"""From the bytes of an image to an answer: decoding within limits, and threads of recognizers."""
