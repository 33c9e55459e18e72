"""The script Streamlit runs for every visitor, from the first line to the last on each interaction."""

import streamlit as st

st.write("Dasbor")
