"""What crossed the wire on a stage, in order: raw exchanges, plus facts."""
