"""How numbers are nested in arguments and results."""
