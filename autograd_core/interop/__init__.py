"""What other packages ask of Values: NumPy, SciPy, IPython."""
