"""The mechanisms of the whole book side by side, each table on one basis."""
