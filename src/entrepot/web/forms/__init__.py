"""Forms: what may be typed, and what is said when it cannot be used. Rules live in the services."""
