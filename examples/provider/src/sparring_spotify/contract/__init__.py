"""What Spotify promises: its contract, for `sparring verify spotify`."""
