"""The catalogue, the master data and the settings of a mall."""
