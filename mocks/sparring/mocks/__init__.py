"""The lie: servers that answer as a provider answers, with its clock, its entropy and its faults in your hand."""
