"""``python -m tefoundations clear ORDERS.csv`` and ``... day CONFIG.toml``: see `tefoundations.command`."""

from tefoundations.command import main

if __name__ == "__main__":
    main()
