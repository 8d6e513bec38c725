"""The tests, by kind and room."""
