"""Compatible? Drifted? Who breaks, where? One relation on types, and the list of places it is asked about."""
