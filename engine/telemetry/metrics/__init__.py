"""Series of one value a second: what they are called, what fills them, and conditions on them."""
