"""From rows to answers with a served model; imports neither torch nor Hydra."""
