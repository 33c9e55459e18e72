"""Personal data under UU 27/2022: consents, one's own copy, requests, erasure, breaches, and what has had its time."""
