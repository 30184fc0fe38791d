"""Text of pictures: `reader` runs in a process of its own, as the loaders do."""
