"""What would a careful reader doubt, and what do the data say to it?

One doubt per module, each a function ``(fitted) -> Check``, with `NAME`, the doubt as a short question, and `OUTCOMES`,
what it may be asked about. A check computes, and then says what that means in one plain sentence; where the data cannot
say, it says that. The protocol names those it wants.
"""
