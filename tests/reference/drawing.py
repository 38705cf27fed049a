"""Colours by colorsys of Python: python3 drawing.py > drawing.txt

A line: hue, saturation, value, then red, green, blue.
"""
import colorsys
import random

random.seed(1)
points = [(h / 12, s, v) for h in range(13) for s in (0, 1) for v in (0, 1)]
points += [(random.random(), random.random(), random.random()) for _ in range(100)]
for h, s, v in points:
    print("%.17g %.17g %.17g %.17g %.17g %.17g" % (h, s, v, *colorsys.hsv_to_rgb(h, s, v)))
