"""The walls of the `lifeline` command, one file a group; `app.cli` puts them together."""
