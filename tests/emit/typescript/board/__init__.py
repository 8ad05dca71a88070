"""The backend that the generated package is tried against."""
