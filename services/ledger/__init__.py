"""The books: chart, periods, the one door for postings, and the truths that always hold."""
