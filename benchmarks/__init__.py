"""What schemagen costs, beside its budgets: `make bench`."""
