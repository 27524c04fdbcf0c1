"""How each exercise is called: a module a chapter, a function an exercise.

A probe gets the learner's function or class and the inputs, and returns named outputs. It holds
no secrets: neither inputs nor right answers are in it.
"""
