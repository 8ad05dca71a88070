"""The contract: what a backend promises its clients, as frozen data. Imports nothing of ours."""
