"""The app and the server run for long, and everything that they should have done is counted: `make soak`.

`python -m tests.support.soak --minutes 20` runs the app on a camera for so long, with speech and a window, then the
server under eight clients for as long, prints a table, and ends with 1 if anything in it does not hold.
"""
