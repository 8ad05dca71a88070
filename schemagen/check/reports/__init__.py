"""A report in five forms. Each is a pure function: what stands in a file is asked of a `Source`."""
