"""Generated worlds of languages with known truth, and tiny base models that grew up in them."""
