"""Questions about stores, listings, runs, problems and the payload journal."""
