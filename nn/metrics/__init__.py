"""How good a trained model is: accuracy, confusion matrix, R2."""
