"""The puppeteer's strings: one typed interface, two transports (direct call and HTTP)."""
