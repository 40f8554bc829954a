"""OAuth without a web: records, rules and small verbs. Time, randomness and memory are handed in."""
