"""Long work outside requests: a queue beside the database, one worker at a time."""
