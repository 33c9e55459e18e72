"""Files become bookings: checked, read aside, judged, previewed, booked all or nothing."""
