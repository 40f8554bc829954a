"""Things that go wrong on purpose: one schema, one file per fault or family, executed where it happens."""
