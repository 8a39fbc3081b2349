"""The answer: the model itself, what must stand beside it, and what of it may be handed on."""
