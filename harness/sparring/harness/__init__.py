"""The trial: start a world, drive a client, play the person, collect the recording, judge, report."""
