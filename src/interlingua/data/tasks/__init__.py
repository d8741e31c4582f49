"""Tasks of known formats, one file each, found by the folder shelf."""
