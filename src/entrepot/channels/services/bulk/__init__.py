"""Deeds for many orders: what may be done, who may, and how it is carried on in the background."""
