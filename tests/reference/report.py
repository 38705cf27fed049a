#!/usr/bin/python3
"""Writes tests/reference/report.txt: what scikit-learn says of predictions.

    tests/reference/report.py > tests/reference/report.txt

relu stands for classes, leaky_relu for values (a case needs a row's name). label, predicted: rows; matrix: row by row;
precision, recall, f1, support: by class, those that divide by nothing left out of the case. truth, guess: rows of two
targets; rmse, mae, r2: by target.
"""
import numpy as np
import sklearn
from sklearn.metrics import (accuracy_score, confusion_matrix, mean_absolute_error, mean_squared_error,
                             precision_recall_fscore_support, r2_score)

rng = np.random.RandomState(5)


def show(key, values):
    print(key, *["%.17g" % v for v in np.ravel(values)])


print("# Written by tests/reference/report.py with scikit-learn", sklearn.__version__)
for classes, rows in [(2, 40), (3, 90), (7, 400)]:
    label = rng.randint(classes, size=rows)
    predicted = np.where(rng.rand(rows) < 0.6, label, rng.randint(classes, size=rows))
    assert len(set(label)) == classes and len(set(predicted)) == classes
    print("case relu")
    show("classes", [classes])
    show("label", label)
    show("predicted", predicted)
    show("matrix", confusion_matrix(label, predicted))
    show("accuracy", [accuracy_score(label, predicted)])
    precision, recall, f1, support = precision_recall_fscore_support(label, predicted)
    show("precision", precision)
    show("recall", recall)
    show("f1", f1)
    show("support", support)
    show("macro", precision_recall_fscore_support(label, predicted, average="macro")[:3])
    print()
truth = rng.randn(60, 2) * [1, 30] + [0, 1e4]
guess = truth + rng.randn(60, 2) * [0.3, 40]
print("case leaky_relu")
show("truth", truth)
show("guess", guess)
show("rmse", np.sqrt(mean_squared_error(truth, guess, multioutput="raw_values")))
show("mae", mean_absolute_error(truth, guess, multioutput="raw_values"))
show("r2", r2_score(truth, guess, multioutput="raw_values"))
