"""Questions that answer back: what is asked, the box a reader answers in, and the prediction at the head of a chapter."""
