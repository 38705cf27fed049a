"""Writes quoting.txt: CSV files as Python's csv module writes them, in its ways of quoting, and the cells it reads back.

    python3 tests/reference/quoting.py >tests/reference/quoting.txt

A line a file: rows, columns, the delimiter's code, the file's bytes in hex; then a line a row: its cells in hex, - where one
is empty. Cells begin and end with no blank, as nnexp leaves such out where no quotes stand.
"""
import csv
import io
import random

draw = random.Random(1)
PIECES = ["a", "b", "1", "0.5", ",", ";", '"', '""', "\n", "\r\n", "\r", "x y", "\u00e9", "|", "'", "-", "\t.", "."]


def cell():
    while True:
        text = "".join(draw.choice(PIECES) for _ in range(draw.choice([0, 1, 1, 2, 3, 6, 12])))
        if text == text.strip(" \t"):
            return text


files = 0
while files < 60:
    columns, rows = draw.randrange(2, 6), draw.randrange(1, 12)
    table = [[cell() for _ in range(columns)] for _ in range(rows)]
    for row in table[:2]:
        row[-1] += "z"  # a last column that is empty is left out
    delimiter = draw.choice(",;\t|")
    out = io.StringIO()
    quoting = draw.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC])
    end = draw.choice(["\n", "\r\n", "\r"])
    csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(table)
    text = out.getvalue()
    read = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    if read != table:  # the writer leaves line ends other than its own without quotes
        continue
    files += 1
    print(rows, columns, ord(delimiter), text.encode().hex())
    for row in read:
        print(*(c.encode().hex() or "-" for c in row))
