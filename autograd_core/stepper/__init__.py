"""The steps of a computation: `steps` yields them, `player` plays them on a page or in a notebook."""
