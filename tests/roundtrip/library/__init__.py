"""A library: shelves that hold books, each with a number of its own."""
