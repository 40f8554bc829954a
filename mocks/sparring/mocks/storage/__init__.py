"""Adapters for the engine's store."""
