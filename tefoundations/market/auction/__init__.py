"""One hour, one book, one clearing: the sealed-bid auctions."""
