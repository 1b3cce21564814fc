"""Sources, contract, split and the prepared files."""
