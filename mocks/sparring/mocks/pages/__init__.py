"""Sign-in, consent and error pages: plain forms that work without JavaScript, one look per provider."""
