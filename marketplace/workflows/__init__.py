"""Stories across sub-domains, one module each."""
