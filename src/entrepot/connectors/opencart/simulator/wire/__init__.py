"""The bridge's side of protocol V1: signatures, resources, and answers made of the shop's rows."""
