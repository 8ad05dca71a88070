"""Runs functions: transactions, read sets, invalidation, subscriptions. One thread runs everything serially."""
