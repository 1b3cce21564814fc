"""Other systems: the MLflow store and registry. The only room that imports mlflow.

`mlflow_tracker`, `model_store.fetch_in_child` and `stores` are cheap to import; mlflow itself is
imported in functions, most of them in child processes.
"""
