"""Raw HTTP at every port: bytes that are nearly requests, and what has to hold whatever they are."""
