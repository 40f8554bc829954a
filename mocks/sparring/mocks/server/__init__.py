"""The edge: sockets, TLS, the wall clock. A listening socket belongs to one (stage, provider)."""
