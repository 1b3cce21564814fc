"""Commands, one module a verb; the only room that knows Hydra and the command line."""
