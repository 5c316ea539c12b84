"""Data before training: batches, splits, standardising."""
