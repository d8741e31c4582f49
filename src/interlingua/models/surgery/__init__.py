"""Surgery: a new model put together from the weights of others; the others stay as they were."""
