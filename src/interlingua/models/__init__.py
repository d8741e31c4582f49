"""The `LM` (weights, tokenizer, card): loading, saving, adapters; new models out, old ones untouched."""
