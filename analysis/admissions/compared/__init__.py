"""Who is compared with whom: what a panel and a design leave to be told, and who stands on either side."""
