"""`python -m currency_app` is `currency-app`."""

import sys

from currency_app.commands.cli import main

sys.exit(main())
