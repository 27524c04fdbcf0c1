"""What an instructor runs: hidden tests, answer keys, the sandbox, grades and reports."""
