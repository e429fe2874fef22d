"""Bytes, keys, trees and signed statements: what everything else is made of."""
