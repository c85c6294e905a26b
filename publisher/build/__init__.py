"""Caches, workers and files: makes editions, and leaves nothing half written."""
