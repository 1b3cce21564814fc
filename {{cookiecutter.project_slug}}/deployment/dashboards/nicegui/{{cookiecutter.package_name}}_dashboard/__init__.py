"""The dashboard: pages for people, over the running service and the registry."""
