"""The service: FastAPI over the predictor."""
