"""The backend that the tests of the doors serve: notes of companies."""
