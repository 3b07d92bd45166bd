"""The embedded PostgreSQL: found, started, adopted, recovered and stopped by a launcher of our own."""

from entrepot.project.postgres.cluster import Server, attached, start
from entrepot.project.postgres.places import Layout, layout

__all__ = ["Layout", "Server", "attached", "layout", "start"]
