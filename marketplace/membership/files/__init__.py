"""The register as a file: columns, reading what people bring, writing what they take away."""
