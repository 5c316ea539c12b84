"""`live`: a picture of a training run that follows it: its numbers in Python, its looks in JavaScript."""
