"""What a class's records look like: feedback pages, a table, CSV."""
