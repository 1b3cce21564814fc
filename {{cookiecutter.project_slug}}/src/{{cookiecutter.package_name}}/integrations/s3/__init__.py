"""Objects in S3: found, fetched, checked and uploaded."""
