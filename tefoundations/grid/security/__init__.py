"""The network less one line or unit: dispatch that stays within limits after any single loss, and what that costs."""
