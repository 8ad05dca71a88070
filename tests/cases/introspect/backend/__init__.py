"""A backend that uses every kind of declaration once."""
