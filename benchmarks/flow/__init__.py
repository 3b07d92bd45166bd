"""Random histories of one seller, walked through the real verbs beside a small model of our own."""
