"""Questions about bins, papers and what a scanner read."""
