"""A Cafe24 mall as a process of our own: OAuth and Admin API over real HTTP on loopback, state in memory."""
