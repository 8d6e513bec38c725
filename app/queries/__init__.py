"""Reads for desks, dashboards and public figures; they return dataclasses."""
