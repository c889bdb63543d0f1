"""The figures of an organisation's year, as it declares and corrects them."""
