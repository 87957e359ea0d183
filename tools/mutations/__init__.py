"""Networks that users change, for tools/make_mutations.py."""
