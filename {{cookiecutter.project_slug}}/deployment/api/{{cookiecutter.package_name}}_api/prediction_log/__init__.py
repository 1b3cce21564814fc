"""What was answered is kept, off the path of the requests."""
