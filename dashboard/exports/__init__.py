"""What a page shows, as files: pictures, tables, the page as PDF and as HTML. Draws nothing on the page."""
