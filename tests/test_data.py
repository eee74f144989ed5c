"""The data: the right points, fresh each time, found from anywhere."""

import numpy as np
import pytest

from utils import data
from utils.data import (
    FOLDER,
    digits,
    eleventh_point,
    phone_calls,
    stack_loss,
    star_cluster,
    ten_points,
)

# Higham & Higham (2019), section 2, copied as pairs from the paper and not from utils.
POINTS = [
    (0.1, 0.1),
    (0.3, 0.4),
    (0.1, 0.5),
    (0.6, 0.9),
    (0.4, 0.2),
    (0.6, 0.3),
    (0.5, 0.6),
    (0.9, 0.2),
    (0.4, 0.4),
    (0.7, 0.6),
]


def test_ten_points_are_those_of_the_paper():
    x, y = ten_points()
    assert [tuple(column) for column in x.T.tolist()] == POINTS
    assert y.T.tolist() == [[1.0, 0.0]] * 5 + [[0.0, 1.0]] * 5


def test_scalar_labels_are_the_first_row_of_the_one_hot_ones():
    x, y = ten_points("scalar")
    assert y.shape == (1, 10)
    assert np.array_equal(y, ten_points("one-hot")[1][:1])
    assert np.array_equal(x, ten_points("one-hot")[0])


def test_eleventh_point_is_of_the_second_class():
    x, y = eleventh_point()
    assert x.tolist() == [[0.3], [0.7]]
    assert y.tolist() == [[0.0], [1.0]]
    assert eleventh_point(labels="scalar")[1].tolist() == [[0.0]]
    assert eleventh_point(labels="one-hot")[1].tolist() == y.tolist()


@pytest.mark.parametrize("labels", ["one-hot", "scalar"])
def test_the_eleventh_point_joins_the_ten(labels):
    x, y = (np.hstack(pair) for pair in zip(ten_points(labels), eleventh_point(labels)))
    assert x.shape == (2, 11)
    assert y.shape == (2 if labels == "one-hot" else 1, 11)
    if labels == "one-hot":
        assert np.array_equal(y.sum(axis=0), np.ones(11))


LOADERS = [getattr(data, name) for name in data.__all__]


@pytest.mark.parametrize("load", LOADERS)
def test_arrays_are_fresh_each_time(load):
    first = load()
    kept = [array.copy() for array in first]
    for array in first:
        array[...] = 7
    assert all(np.array_equal(again, before) for again, before in zip(load(), kept))


def test_every_file_says_where_it_is_from_and_is_loaded():
    rows = {}
    for line in (FOLDER / "README.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("| `"):
            name, *cells = (cell.strip() for cell in line.strip("|").split("|"))
            rows[name.strip("`")] = cells
    files = {p.name for p in FOLDER.iterdir() if p.is_file() and p.name != "README.md"}
    assert files == set(rows), "notebooks/data/README.md needs a row for each file of its folder"
    for name, cells in rows.items():
        assert len(cells) == 3, f"{name}: what it is, its origin and its licence"
        assert all(cells), f"{name}: what it is, its origin and its licence"
        loader = name.partition(".")[0]
        assert loader in data.__all__, f"utils/data.py needs a function {loader} that loads {name}"


@pytest.mark.parametrize("load", [ten_points, eleventh_point])
@pytest.mark.parametrize("labels", ["one-hot", "scalar"])
def test_points_are_float64(load, labels):
    assert [array.dtype for array in load(labels)] == [np.float64, np.float64]


def test_digits_are_images_from_0_to_1():
    x, labels = digits()
    assert x.shape == (64, 1797)
    assert x.dtype == np.float64
    assert x.min() == 0.0
    assert x.max() == 1.0
    assert np.array_equal(x * 16, np.round(x * 16))
    assert labels.shape == (1797,)
    assert labels.dtype.kind == "i"


def test_digits_are_the_published_set():
    x, labels = digits()
    # the counts of the UCI test set, and its first image: a 0, its first two rows of pixels
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert labels[:10].tolist() == list(range(10))
    first = [0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0]
    assert (x[:16, 0] * 16).tolist() == first
    assert x[:, 0].sum() * 16 == 294


def test_a_column_is_an_image_row_by_row():
    # In a handwritten 0 the left and right margins are empty: columns of the image, not rows.
    x, labels = digits()
    zeros = x[:, labels == 0].reshape(8, 8, -1)
    assert zeros[:, 0].sum() == 0.0
    assert zeros[0].sum() > 100.0


def test_digits_are_found_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert digits()[0].shape == (64, 1797)


# -------- the tables of notebook 10


@pytest.mark.parametrize(
    ("load", "name", "shape"),
    [(phone_calls, "phone_calls", (24, 1)), (star_cluster, "star_cluster", (47, 1)),
     (stack_loss, "stack_loss", (21, 3))],
)  # fmt: skip
def test_tables_are_those_of_the_files(load, name, shape):
    x, y = load()
    lines = (FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()[1:]
    rows = [[float(number) for number in line.split(",")] for line in lines]
    assert x.shape == shape
    assert [row[-1] for row in rows] == y.tolist()
    offset = 1900 if load is phone_calls else 0
    assert [[v - offset for v in row[:-1]] for row in rows] == x.tolist()


def test_tables_are_those_of_the_literature():
    # sums from Rousseeuw and Leroy (1987) and Brownlee (1965), as in R's MASS and robustbase
    x, y = phone_calls()
    assert x.ravel().tolist() == list(range(50, 74))
    assert y.sum() == pytest.approx(1199.8)
    x, y = star_cluster()
    assert (x.mean().round(4), y.mean().round(4)) == (4.31, 5.0121)
    x, y = stack_loss()
    assert x.sum(axis=0).tolist() == [1269.0, 443.0, 1812.0]
    assert y.sum() == 368
