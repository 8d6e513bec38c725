"""The same journeys as JSON, for partners: read the request, call once, answer."""
