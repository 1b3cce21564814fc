"""What rooms hand to each other: frozen records and the tree of errors. Imports no other room."""
