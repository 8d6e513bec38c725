"""Accounts of volunteers and coordinators: passwords, second factors, sessions, roles."""
