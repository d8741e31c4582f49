"""The parts of the page that explains a model: each reads its share of the result, and says what it lacks."""
