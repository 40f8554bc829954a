"""A stage that several servers answer for: what one of them is told, all of them know."""
