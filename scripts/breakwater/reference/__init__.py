"""Rebuild the seeds from the publishers' files that a user gives as a folder; nothing here runs on import."""
