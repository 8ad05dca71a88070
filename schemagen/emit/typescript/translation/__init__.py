"""Python modules as JavaScript, for the part of Python that the checker is written in; what it cannot say, it refuses.

So the npm package asks the very relation that the backend's build asks. Start at `modules.py`. What the translation
runs on, numbers, dictionaries and patterns as Python has them, is `templates/typescript/src/check/python/`.
"""
