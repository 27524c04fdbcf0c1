"""Holds numbers of a million digits, where the reading of numbers takes the square.

attacks: softmax
claim: reading
"""

DIGITS = 3_000_000


def hand_in(folder):
    path = folder / "instructor.numbers_without_end.ipynb"
    path.write_text('{"nbformat": ' + '9' * DIGITS + ', "cells": []}')
    return path
