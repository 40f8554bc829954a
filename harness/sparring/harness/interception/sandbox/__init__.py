"""A machine of its own for the client: its only interface is loopback, and every name leads to the fakes or nowhere."""
