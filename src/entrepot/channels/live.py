"""How the floors from here up tell open pages that something moved (`accounts.live`)."""

from entrepot.accounts.live import CHANNEL, announce

__all__ = ["CHANNEL", "announce"]
