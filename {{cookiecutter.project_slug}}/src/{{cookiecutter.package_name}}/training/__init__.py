"""Fitting, resuming and exporting a model; knows nothing of MLflow."""
