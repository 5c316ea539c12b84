"""Rows, sequences and targets: what counts as data, batches, splits, standardising."""
