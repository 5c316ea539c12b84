"""Transforms: functions that take a Python function of numbers and return or compute its derivatives.

A function to differentiate is written with + - * / ** and the functions of this package. Its arguments may be
floats, lists, tuples, dicts, dataclasses and NumPy arrays, nested; a derivative has their structure. Transforms
nest, `grad(grad(f))`, and leave every `.grad` alone. A result that depends on Values from outside the function is
a Value, so that it can be differentiated by them; else it is a float.
"""
