"""Files and sites as plain rows: read in a closed-in process, with what is damaged told apart."""
