"""What runs inside the sandbox: the standard library, torch and `gptcourse` only.

This folder alone is bound into the sandbox. Nothing in it is secret, and nothing outside of it is
imported by it but `gptcourse`.
"""
