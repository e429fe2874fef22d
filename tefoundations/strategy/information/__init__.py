"""Information: what a forecast is worth, and what it costs to trade with somebody who knows more."""
