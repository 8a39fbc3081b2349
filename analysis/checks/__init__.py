"""What would a careful reader doubt, and what do the data say to it?

One doubt per module, each a function ``(panel, design, model, effects) -> Check``. A check computes, and then says what
that means in one plain sentence; where the data cannot say, it says that. The protocol names those it wants.
"""
