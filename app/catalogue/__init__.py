"""The catalogue: people in prison, places of detention, and who may be written to."""
