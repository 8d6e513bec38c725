"""Desks of people, their cases and places, of lists that are imported, and of objections."""
