"""A generated government site on loopback, crawled by Kaoping and by what peers are installed, in turn."""
