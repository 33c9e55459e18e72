"""What every web face shares: who is asking, the request's one session, refusals as pages, headers. No screens."""
