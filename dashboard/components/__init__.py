"""The pieces that pages are put together from, as Streamlit draws them."""
