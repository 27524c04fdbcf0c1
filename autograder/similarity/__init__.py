"""Which answers of a class are alike in ways that independent answers are not: a hint, no verdict.

Short right answers are alike by nature. So what counts is what is rare: pieces of code, names and
comments that few of the class have, that were not handed out, and that are in none of the right
and wrong answers that the course keeps, which were written independently.
"""
