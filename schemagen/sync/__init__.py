"""The WebSocket protocol without a socket; docs/protocol.md is its specification."""
