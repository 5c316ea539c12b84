"""The table of differentiation rules, and the functions on floats that it rests on."""
