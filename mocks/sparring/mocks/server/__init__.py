"""The edge: sockets, TLS, the wall clock. uvicorn speaks HTTP; a listening socket belongs to one (stage, provider)."""
