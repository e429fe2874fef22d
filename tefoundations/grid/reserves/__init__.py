"""Power that is held back: energy and reserve in one dispatch, what reserve is worth, and the frequency it keeps."""
