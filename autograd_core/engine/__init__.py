"""The engine: a node, its arithmetic, the order of the graph, and the chain rule over it."""
