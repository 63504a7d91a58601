"""Settings and addresses of the two faces: inside (desk, unit, review, field) and outside (portal, ballots, open data)."""
