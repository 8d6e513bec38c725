"""How fast letters are taken, measured over real HTTP beside a bare insert in the same run."""
