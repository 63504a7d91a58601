"""Read models and documents: year board, scoring room, registers as CSV and XLSX, approval sheet and annual report text as DOCX.

It reads what activities keep and writes nothing. ``render`` makes files and knows nothing of Django.
"""
