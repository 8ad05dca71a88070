"""Typed SQL tables and indexes, rows in and rows out, and the answers of mutations that must not run twice."""
