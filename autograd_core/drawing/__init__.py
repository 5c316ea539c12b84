"""Pictures of computation graphs, with the gradients in colour."""
