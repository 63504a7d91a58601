"""The register: organisations with dates and successors, appointments, websites and their columns.

Nouns: Organisation, Appointment, SiteColumn. Verbs: import a roster, change, close or merge an organisation, appoint, relieve;
the one-time links by which passwords are set (``passwords``), because who needs two persons follows from appointments.
A merger never rewrites history: a row is closed with a date and names its successor.
"""
