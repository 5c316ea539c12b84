"""What is wrong with a number or a gradient, and which line of code it came from."""
