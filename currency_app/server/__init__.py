"""The REST API: `currency-app serve`. It needs the extra `serve`; nothing outside this folder imports it at start."""
