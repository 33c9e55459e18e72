"""The script Streamlit runs for every visitor, from the first line to the last on each interaction."""

from dashboards.pages import run

run()
