"""Boards and simulators for exploring, drawn by Streamlit. Reads only: every figure comes from reports/."""
