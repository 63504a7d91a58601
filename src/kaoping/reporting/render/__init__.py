"""Files for people: DOCX in the layout of GB/T 9704, XLSX and CSV. No Django."""
