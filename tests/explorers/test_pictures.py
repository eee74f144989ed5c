"""Pictures and their stage: what is drawn anew looks as if it had never been otherwise."""

import io

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import same_color, to_rgb
from PIL import Image

from utils.explorers import pictures
from utils.explorers.pictures import (
    Panel,
    Picture,
    Stage,
    arrows,
    as_jpeg,
    as_png,
    curve,
    frame_of,
    level_line,
    shade,
    side_by_side,
    stairs,
    text,
)

UNIT = {"xlim": (0, 1), "ylim": (0, 1)}
WHOLE = (0, 1, 0, 1)


def alone(*marks, **axes):
    """A small picture with one panel."""
    return Picture([Panel(marks, {**UNIT, **axes})], "words", size=(2.0, 1.6))


def fresh(picture):
    """Its pixels on a stage of its own."""
    return Stage().draw(picture).copy()


def pixel(stage, x, y, panel=0):
    """The colour (r, g, b), from 0 to 255, that is really seen at a place of some axes."""
    pixels = np.asarray(stage.canvas.buffer_rgba())
    column, row = stage.figure.axes[panel].transData.transform((x, y))
    return pixels[len(pixels) - 1 - int(row), int(column), :3].astype(int)


def image_in(file):
    return np.asarray(Image.open(io.BytesIO(file)))


# -------- marks


def test_marks_hold_their_data_and_their_look():
    values, look = np.array([[0.1, 0.7]]), {"color": "red"}
    for mark, kind, data in [
        (shade(values, **look), "shade", [values]),
        (curve([0, 1], [2, 3], **look), "curve", [[0, 1], [2, 3]]),
        (stairs([1, 2], [0, 1, 2], **look), "stairs", [[1, 2], [0, 1, 2]]),
        (arrows([[0], [1]], [[2], [3]], **look), "arrows", [[[0], [1]], [[2], [3]]]),
        (text(0.2, 0.3, "here", **look), "text", [0.2, 0.3, "here"]),
    ]:
        assert (mark.kind, mark.look) == (kind, look)
        assert [np.asarray(part).tolist() for part in mark.data] == [
            np.asarray(part).tolist() for part in data
        ]


def test_a_single_point_is_a_curve_too():
    x, y = curve(0.25, 0.75).data
    assert (list(x), list(y)) == ([0.25], [0.75])


def test_every_kind_of_mark_can_be_made_and_moved():
    assert set(pictures.KINDS) == {"shade", "curve", "stairs", "arrows", "text"}


MARKS = {  # kind: before, after
    "shade": [shade([[0.1, 0.9], [0.4, 0.2]], extent=WHOLE, cmap="gray"),
              shade([[0.8, 0.0], [0.3, 1.0]], extent=WHOLE, cmap="gray")],
    "curve": [curve([0.1, 0.8], [0.2, 0.4]), curve([0.3, 0.5, 0.9], [0.9, 0.1, 0.6])],
    "stairs": [stairs([0.2, 0.9], [0.1, 0.5, 0.9]), stairs([0.8, 0.1, 0.4], [0, 0.2, 0.3, 1])],
    "arrows": [arrows([[0.2], [0.3]], [[0.5], [0.1]]), arrows([[0.6], [0.9]], [[-0.4], [-0.6]])],
    "text": [text(0.1, 0.2, "before"), text(0.4, 0.7, "after it")],
}  # fmt: skip


@pytest.mark.parametrize("kind", MARKS)
def test_what_is_moved_looks_like_what_is_made_there(kind):
    before, after = (alone(mark) for mark in MARKS[kind])
    stage = Stage()
    assert np.array_equal(stage.draw(before), fresh(before))
    assert np.array_equal(stage.draw(after), fresh(after))
    assert np.array_equal(stage.draw(before), fresh(before))
    assert stage.redraws == 1
    assert not np.array_equal(fresh(before), fresh(after))
    assert not np.array_equal(fresh(after), fresh(alone()))


def moved_artist(kind):
    stage = Stage()
    for mark in MARKS[kind]:
        stage.draw(alone(mark))
    ((_, artist),) = stage.artists
    return artist


def test_the_artists_hold_the_new_data():
    assert moved_artist("shade").get_array().tolist() == [[0.8, 0.0], [0.3, 1.0]]
    assert moved_artist("curve").get_xdata().tolist() == [0.3, 0.5, 0.9]
    assert moved_artist("curve").get_ydata().tolist() == [0.9, 0.1, 0.6]
    heights, edges, _ = moved_artist("stairs").get_data()
    assert heights.tolist() == [0.8, 0.1, 0.4]
    assert edges.tolist() == [0, 0.2, 0.3, 1]
    quiver = moved_artist("arrows")
    assert quiver.get_offsets().tolist() == [[0.6, 0.9]]
    assert (quiver.U.tolist(), quiver.V.tolist()) == ([-0.4], [-0.6])
    assert moved_artist("text").get_position() == (0.4, 0.7)
    assert moved_artist("text").get_text() == "after it"


def test_an_arrow_ends_at_its_start_plus_its_step():
    stage = Stage()
    stage.draw(alone(arrows([[0.2], [0.3]], [[0.6], [0.4]], color="red", width=0.03)))
    for share in (0.1, 0.5, 0.9):  # the last is in its head
        assert same_color(pixel(stage, 0.2 + 0.6 * share, 0.3 + 0.4 * share) / 255, "red")
    for share in (-0.15, 1.15):
        assert same_color(pixel(stage, 0.2 + 0.6 * share, 0.3 + 0.4 * share) / 255, "white")


def test_a_gap_in_a_curve_is_not_drawn():
    stage = Stage()
    stage.draw(alone(curve([0.1, 0.4, np.nan, 0.6, 0.9], [0.5] * 5, color="black", lw=4)))
    for x, seen in [(0.25, "black"), (0.5, "white"), (0.75, "black")]:
        assert same_color(pixel(stage, x, 0.5) / 255, seen)


@pytest.mark.parametrize(
    "nothing", [curve(np.nan, np.nan), curve([np.nan] * 3, [0.1, 0.2, 0.3]), text(0.5, 0.5, "")]
)
def test_nothing_to_be_drawn_leaves_the_panel_empty(nothing):
    assert np.array_equal(fresh(alone(nothing)), fresh(alone()))


# -------- level lines


TICKS = np.linspace(-1, 1, 41)
X, Y = np.meshgrid(TICKS, TICKS)


def pieces_of(x, y):
    """What is between the nans, as arrays (2, K)."""
    cuts = np.flatnonzero(np.isnan(x))
    assert np.array_equal(cuts, np.flatnonzero(np.isnan(y)))
    return [piece for piece in np.split(np.stack([x, y]), cuts, axis=1)
            if np.isfinite(piece).any()]  # fmt: skip


def test_a_level_that_is_not_reached_has_no_line():
    for level in (-7.0, 7.0):
        x, y = level_line(TICKS, X + Y, level)
        assert np.isnan(x).tolist() == np.isnan(y).tolist() == [True]


@given(level=st.floats(-0.9, 0.9), turn=st.floats(0, 6.28))
def test_a_straight_level_line_is_where_the_plane_has_that_height(level, turn):
    c, s = np.cos(turn), np.sin(turn)
    x, y = level_line(TICKS, c * X + s * Y, level)
    (piece,) = pieces_of(x, y)
    points = piece[:, np.isfinite(piece[0])]
    assert np.allclose([c, s] @ points, level)
    assert np.linalg.norm(points[:, 0] - points[:, -1]) > 0.8  # right across


def test_rows_are_above_each_other():
    x, y = level_line(TICKS, Y, 0.3)
    assert len(pieces_of(x, y)) == 1
    assert np.allclose(y[:-1], 0.3)
    assert np.ptp(x[:-1]) == pytest.approx(2)


def test_a_closed_level_line_ends_where_it_begins():
    x, y = level_line(TICKS, X**2 + Y**2, 0.49)
    assert np.allclose(np.hypot(x, y)[:-1], 0.7, atol=2e-3)
    assert (x[0], y[0]) == (x[-2], y[-2])
    angles = np.unwrap(np.arctan2(y[:-1], x[:-1]))
    assert abs(angles[-1] - angles[0]) == pytest.approx(2 * np.pi)


def test_a_level_line_may_have_several_pieces_with_gaps_between():
    hills = np.exp(-20 * ((X - 0.5) ** 2 + Y**2)) + np.exp(-20 * ((X + 0.5) ** 2 + Y**2))
    x, y = level_line(TICKS, hills, 0.5)
    pieces = pieces_of(x, y)
    assert len(pieces) == 2
    middles = sorted(np.nanmean(piece[0]) for piece in pieces)
    assert middles == pytest.approx([-0.5, 0.5], abs=0.03)
    assert np.isnan(x[-1])


# -------- shadings


def by_matplotlib(ax, mark):
    given = {"origin": "lower", "interpolation": "nearest", "vmin": 0, "vmax": 1, **mark.look}
    return ax.imshow(*mark.data, aspect="auto", **given)


LANDSCAPE = np.array(
    [[0.0, 0.1, 0.2, 0.3, 1.0], [0.1, 0.9, 0.5, 0.2, 0.6], [0.7, 0.4, 1.0, 0.0, 0]]
)


@pytest.mark.parametrize("interpolation", ["nearest", "bilinear"])
@pytest.mark.parametrize("origin", ["lower", "upper"])
def test_a_shading_looks_like_matplotlibs_own(monkeypatch, interpolation, origin):
    down = {"ylim": (1, 0)} if origin == "upper" else {}
    extent = (0, 1, 1, 0) if origin == "upper" else WHOLE
    look = {"cmap": "viridis", "interpolation": interpolation, "origin": origin, "extent": extent}
    picture = alone(shade(LANDSCAPE, **look), **down)
    mirrored = [
        fresh(alone(shade(values, **look), **down)) for values in (LANDSCAPE[::-1], LANDSCAPE.T)
    ]
    ours = fresh(picture)
    _, move = pictures.KINDS["shade"]
    monkeypatch.setitem(pictures.KINDS, "shade", (by_matplotlib, move))
    theirs = fresh(picture).astype(int)
    assert np.abs(theirs - ours).mean() < 1
    for other in mirrored:
        assert np.abs(theirs - other).mean() > 10


@pytest.mark.parametrize("origin", ["lower", "upper"])
def test_the_first_row_is_below_unless_the_origin_is_above(origin):
    stage = Stage()
    stage.draw(alone(shade([[0.0, 0.0], [1.0, 0.0]], extent=WHOLE, cmap="gray", origin=origin)))
    white = {"lower": (0.2, 0.8), "upper": (0.2, 0.2)}[origin]
    for place in [(0.2, 0.2), (0.2, 0.8), (0.8, 0.2), (0.8, 0.8)]:
        assert same_color(pixel(stage, *place) / 255, "white" if place == white else "black")


def test_a_shading_fills_its_extent_and_no_more():
    stage = Stage()
    stage.draw(alone(shade([[0.0]], extent=(0.25, 0.75, 0.5, 1.0), cmap="gray")))
    for x, y, seen in [
        (0.27, 0.52, "black"), (0.73, 0.98, "black"), (0.23, 0.7, "white"), (0.77, 0.7, "white"),
        (0.5, 0.48, "white"),
    ]:  # fmt: skip
        assert same_color(pixel(stage, x, y) / 255, seen)


def test_colours_run_from_vmin_to_vmax_and_no_further():
    values = [[-9.0, -2.0, 1.0, 4.0, 9.0]]
    stage = Stage()
    stage.draw(alone(shade(values, extent=WHOLE, cmap="gray", vmin=-2, vmax=4)))
    seen = [pixel(stage, x, 0.5)[0] for x in (0.1, 0.3, 0.5, 0.7, 0.9)]
    assert seen == pytest.approx([0, 0, 127.5, 255, 255], abs=1)
    stage.draw(alone(shade([[0.0, 0.25, 0.5, 0.75, 1.0]], extent=WHOLE, cmap="gray")))
    seen = [pixel(stage, x, 0.5)[0] for x in (0.1, 0.3, 0.5, 0.7, 0.9)]
    assert seen == pytest.approx([0, 63.75, 127.5, 191.25, 255], abs=1)  # else from 0 to 1


def test_bilinear_is_smooth_and_nearest_is_not():
    def levels(**look):
        stage = Stage()
        stage.draw(alone(shade([[0.0, 1.0]], extent=WHOLE, cmap="gray", **look)))
        return [pixel(stage, x, 0.5)[0] for x in (0.1, 0.4, 0.6, 0.9)]

    assert levels() == [0, 0, 255, 255]
    low, lower, upper, high = levels(interpolation="bilinear")
    assert low < 10 < lower < 100 < 150 < upper < 245 < high


def test_the_frame_is_seen_over_a_shading():
    plain, shaded = fresh(alone()), fresh(alone(shade([[1.0]], extent=WHOLE, cmap="gray")))
    black, still_black = (pixels[..., 0] == 0 for pixels in (plain, shaded))
    assert black.all(axis=0).sum() == 0 < black.sum()
    assert black.mean(axis=0).max() > 0.6  # the frame on the left,
    assert black.mean(axis=1).max() > 0.6  # and that below
    assert np.array_equal(black, still_black)


# -------- the stage


def scene(
    height=0.6, color="black", top=1.0, title="", size=(2.4, 1.6), width=1.0, fixed=False, lines=1,
    kind=curve, words="words",
):  # fmt: skip
    """Two panels, of which the first can be changed in every way."""
    axes = {"xlim": (0, 1), "ylim": (0, top), "title": title}
    first = Panel(lines * [kind([0, 1], [0, height], color=color)], axes, width, fixed)
    second = Panel([shade([[0.2, 0.8]], extent=WHOLE, cmap="gray")], UNIT)
    return Picture([first, second], words, size)


CHANGES = [
    {"color": "red"}, {"top": 2.0}, {"title": "new"}, {"size": (3.0, 1.6)}, {"width": 2.0},
    {"fixed": True}, {"lines": 2, "color": "red"}, {"lines": 0},
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_change_of_more_than_data_begins_anew_and_is_right(change):
    after = scene(**change)
    assert frame_of(after) != frame_of(scene())
    stage, wanted = Stage(), fresh(after)
    before = stage.draw(scene()).copy()
    assert not np.array_equal(wanted, before)
    for redraws, picture, pixels in [(2, after, wanted), (3, scene(), before)]:
        assert np.array_equal(stage.draw(picture), pixels)
        assert stage.redraws == redraws


def test_a_mark_of_another_kind_begins_anew_and_is_right():
    one, other = curve([0.2, 0.8], [0.5, 0.5], color="red"), text(0.2, 0.5, "words", color="red")
    stage = Stage()
    for redraws, mark in enumerate((one, other, one), start=1):  # of the same look
        assert np.array_equal(stage.draw(alone(mark)), fresh(alone(mark)))
        assert stage.redraws == redraws


@pytest.mark.parametrize("change", [{"height": 0.9}, {"words": "other words"}], ids=str)
def test_data_and_words_can_change_at_little_cost(change):
    assert frame_of(scene(**change)) == frame_of(scene())
    stage = Stage()
    stage.draw(scene())
    assert np.array_equal(stage.draw(scene(**change)), fresh(scene(**change)))
    assert stage.redraws == 1


def test_what_is_fixed_is_in_the_background():
    stage = Stage()
    stage.draw(scene(fixed=True))
    assert [ax for ax, _ in stage.artists] == [stage.figure.axes[1]]  # the other panel moves
    (line,) = stage.figure.axes[0].lines
    assert not line.get_animated()
    with_it = pixel(stage, 0.5, 0.3)
    stage.draw(scene(fixed=True, lines=0))
    assert with_it.max() < 120 < 200 < pixel(stage, 0.5, 0.3).min()


def test_new_data_in_a_fixed_panel_begin_anew_and_the_same_data_do_not():
    stage = Stage()
    for _ in range(2):
        stage.draw(scene(fixed=True))
    assert stage.redraws == 1
    changed = scene(fixed=True, height=0.9)
    assert np.array_equal(stage.draw(changed), fresh(changed))
    assert stage.redraws == 2
    assert not np.array_equal(fresh(changed), fresh(scene(fixed=True)))


def test_data_may_grow_and_shrink_without_a_redraw():
    stage = Stage()
    for count in (2, 7, 1):
        line = alone(
            curve(np.linspace(0, 1, count), np.linspace(1, 0.5, count)),
            stairs(np.linspace(0, 1, count), np.linspace(0, 1, count + 1)),
            shade(np.full((count, 2 * count), 0.5), extent=(0, 0.1, 0, 0.1)),
        )
        assert np.array_equal(stage.draw(line), fresh(line))
    assert stage.redraws == 1


def by_chance(seed):
    """A picture with marks of all kinds, with data from this seed."""
    rng = np.random.default_rng(seed)
    x, y = rng.random((2, 5))
    y[rng.random(5) < 0.2] = np.nan
    return Picture(
        [
            Panel([shade(rng.random((3, 4)), extent=WHOLE), curve(x, y),
                   arrows(rng.random((2, 1)), rng.random((2, 1)) - 0.5)], UNIT),
            Panel([stairs([0.1, 0.9], [0, 0.4, 1])], UNIT, fixed=True),
            Panel([stairs(rng.random(3), np.sort(rng.random(4))),
                   text(*rng.uniform(0.1, 0.7, 2), f"{seed}")], UNIT, width=2),
        ],
        f"{seed}",
        size=(3.0, 1.2),
    )  # fmt: skip


EVER_THE_SAME = Stage()


@settings(max_examples=12)
@given(seeds=st.lists(st.integers(0, 99), min_size=1, max_size=6))
def test_a_picture_does_not_depend_on_those_before(seeds):
    for seed in seeds:
        seen = EVER_THE_SAME.draw(by_chance(seed))
    assert np.array_equal(seen, fresh(by_chance(seeds[-1])))
    assert EVER_THE_SAME.redraws == 1


def test_words_that_stick_out_do_not_move_the_axes():
    stage = Stage()
    for x in (0.2, 0.9, 0.4, 1.05):  # the second and the last begin or end outside
        picture = alone(text(x, 0.5, "words"))
        assert np.array_equal(stage.draw(picture), fresh(picture))


def test_two_stages_know_nothing_of_each_other():
    one, other = Stage(), Stage()
    seen = one.draw(scene())
    before = seen.copy()
    other.draw(scene(height=0.1, color="red"))
    assert np.array_equal(seen, before)
    assert np.array_equal(one.draw(scene()), before)


@pytest.mark.parametrize("lines", [1, 2])
def test_after_a_picture_that_cannot_be_drawn_the_next_one_is_right(lines):
    stage = Stage()
    stage.draw(scene())
    with pytest.raises(ValueError, match="no such colour"):
        stage.draw(scene(color="no such colour", lines=lines))
    assert np.array_equal(stage.draw(scene()), fresh(scene()))


def test_a_stage_tells_its_artists_with_their_axes_in_order():
    stage = Stage()
    stage.draw(by_chance(0))
    first, _, third = stage.figure.axes
    assert [ax for ax, _ in stage.artists] == [first] * 3 + [third] * 2
    kinds = [type(artist).__name__ for _, artist in stage.artists]
    assert kinds == ["Shading", "Line2D", "Quiver", "StepPatch", "Words"]


def test_later_marks_lie_over_earlier_ones():
    def crossing(first, second):
        stage = Stage()
        lines = [curve([0, 1], [0.5, 0.5], color=c, lw=6) for c in (first, second)]
        stage.draw(alone(*lines))
        return pixel(stage, 0.5, 0.5) / 255

    assert same_color(crossing("red", "blue"), "blue")
    assert same_color(crossing("blue", "red"), "red")


def test_pixels_are_opaque_a_hundred_to_the_unit_of_size():
    pixels = Stage().draw(scene(size=(3.2, 1.7)))
    assert (pixels.shape, pixels.dtype) == ((170, 320, 4), np.uint8)
    assert pixels[..., 3].min() == 255


def test_panels_stand_side_by_side_as_wide_as_they_are_told():
    stage = Stage()
    stage.draw(scene(width=3.0, size=(6.0, 1.6)))
    left, right = (ax.get_position() for ax in stage.figure.axes)
    assert left.x1 < right.x0
    assert left.width / right.width == pytest.approx(3, rel=0.02)


def test_the_style_is_the_courses_and_goes_no_further():
    before, figures = dict(mpl.rcParams), plt.get_fignums()
    with mpl.rc_context({"axes.spines.top": True, "lines.linewidth": 9}):
        stage = Stage()
        stage.draw(scene())
    ax = stage.figure.axes[0]
    assert not ax.spines["top"].get_visible()
    assert not ax.spines["right"].get_visible()
    assert stage.artists[0][1].get_linewidth() == 1.8
    assert dict(mpl.rcParams) == before
    assert plt.get_fignums() == figures  # no window, no entry in pyplot's list


# -------- files


COLOURFUL = scene(color="red", lines=3)


def test_png_is_exact():
    pixels = fresh(COLOURFUL)
    assert np.array_equal(image_in(as_png(pixels)), pixels[..., :3])
    noise = np.random.default_rng(0).integers(0, 256, (7, 5, 4), np.uint8)
    noise[..., 3] = 255
    assert np.array_equal(image_in(as_png(noise)), noise[..., :3])
    assert np.array_equal(image_in(as_png(noise[::2, 1:])), noise[::2, 1:, :3])  # a part, too


def test_jpeg_is_close_and_of_the_same_size():
    pixels = fresh(COLOURFUL)
    seen = image_in(as_jpeg(pixels))
    assert seen.shape == (*pixels.shape[:2], 3)
    difference = np.abs(seen.astype(int) - pixels[..., :3])
    assert difference.mean() < 0.8
    assert difference.max() < 60


def test_jpeg_keeps_the_colour_of_a_thin_line():
    stage = Stage()
    pixels = stage.draw(alone(curve([0, 1], [0.5, 0.5], color="red", lw=0.8)))
    row = np.argmin(pixels[..., 1].sum(axis=1))
    middle = pixels.shape[1] // 2
    before, after = (p[row, middle, :3].astype(int) for p in (pixels, image_in(as_jpeg(pixels))))
    assert np.abs(after - before).max() < 25
    assert np.argmax(after) == 0


def test_pictures_stand_in_a_row_or_below_each_other():
    stills = [np.full((10, 300, 4), value, np.uint8) for value in (1, 2, 3)]
    row = side_by_side(stills)
    assert row.shape == (10, 900, 4)
    assert row[0, ::300, 0].tolist() == [1, 2, 3]
    column = side_by_side(stills, widest=899)
    assert column.shape == (30, 300, 4)
    assert column[::10, 0, 0].tolist() == [1, 2, 3]
    assert side_by_side(stills, widest=900).shape == (10, 900, 4)
    assert np.array_equal(side_by_side(stills[:1], widest=1), stills[0])


def test_the_widest_row_is_as_wide_as_a_notebook():
    wide = np.zeros((1, 551, 4), np.uint8)
    assert side_by_side([wide[:, :550]] * 2).shape == (1, 1100, 4)
    assert side_by_side([wide] * 2).shape == (2, 551, 4)


def test_colours_of_a_shading_may_be_few():
    stage = Stage()
    three = mpl.colors.ListedColormap(["red", "lime", "blue"])
    stage.draw(alone(shade([[0, 1, 2]], extent=WHOLE, cmap=three, vmin=0, vmax=2)))
    for x, colour in [(0.1, "red"), (0.5, "lime"), (0.9, "blue")]:
        assert tuple(pixel(stage, x, 0.5) / 255) == to_rgb(colour)


# -------- words


def by_matplotlibs_text(ax, mark):
    return ax.text(*mark.data, **mark.look)


def both(monkeypatch, *marks):
    """Pixels of a picture with our words, and with Matplotlib's own."""
    picture = alone(*marks, xticks=(), yticks=(), frame_on=False)
    ours = fresh(picture)
    _, move = pictures.KINDS["text"]
    monkeypatch.setitem(pictures.KINDS, "text", (by_matplotlibs_text, move))
    return ours, fresh(picture)


def inked(pixels):
    """Where what is not white begins and ends: left, right, top, bottom."""
    rows, columns = np.nonzero((pixels[..., :3] < 160).any(axis=2))
    return np.array([columns.min(), columns.max(), rows.min(), rows.max()])


@pytest.mark.parametrize("words", ["z −0.462", "z 1\na 0.731", "σ′ = ¼, W³₁₂, ∂a"])
@pytest.mark.parametrize("ha", ["left", "center", "right"])
@pytest.mark.parametrize("va", ["top", "center", "baseline", "bottom"])
def test_words_stand_where_matplotlibs_do(monkeypatch, words, ha, va):
    look = {"size": 11, "linespacing": 1.2, "color": "#0072B2"}
    ours, theirs = both(monkeypatch, text(0.5, 0.5, words, ha=ha, va=va, **look))
    assert np.abs(inked(ours) - inked(theirs)).max() <= 3
    ink, wanted = ((255.0 - pixels[..., 0]).sum() for pixels in (ours, theirs))
    assert ink == pytest.approx(wanted, rel=0.15)
    for k in range(3):  # the colour of what is fully covered
        assert abs(int(ours[..., k].min()) - int(theirs[..., k].min())) <= 25


def test_lines_lie_further_apart_if_told(monkeypatch):
    tall = [inked(fresh(alone(text(0.5, 0.5, "m\nm", linespacing=spacing, va="center"), xticks=(),
                              yticks=(), frame_on=False))) for spacing in (1.0, 1.5)]  # fmt: skip
    size = 10.5 * pictures.DPI / 72
    (above, below), (higher, lower) = tall[0][2:], tall[1][2:]
    assert (lower - higher) - (below - above) == pytest.approx(0.5 * size, abs=1.5)
    assert above - higher == pytest.approx(lower - below, abs=1.5)


def test_words_have_paper_under_them_if_told(monkeypatch):
    under = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
    line = curve([0, 1], [0.5, 0.5], color="black", lw=3)
    words = text(0.5, 0.5, "0.5", ha="center", va="center", bbox=under)
    ours, theirs = both(monkeypatch, line, words)
    dark = [(pixels[len(pixels) // 2 - 1, :, 0] < 80).sum() for pixels in (ours, theirs)]
    assert dark[0] == pytest.approx(dark[1], abs=8)
    uncovered = fresh(alone(line, xticks=(), yticks=(), frame_on=False))
    assert (uncovered[len(uncovered) // 2 - 1, :, 0] < 80).sum() > dark[0] + 15


@pytest.mark.parametrize("more", [("$x_1$", {}), ("turned", {"rotation": 90})])
def test_formulas_and_what_is_turned_are_matplotlibs_own(monkeypatch, more):
    words, look = more
    ours, theirs = both(monkeypatch, text(0.5, 0.4, words, **look))
    assert np.array_equal(ours, theirs)


def test_faint_words_are_faint():
    def darkest(alpha):
        return fresh(alone(text(0.2, 0.4, "MMM", alpha=alpha, size=20), xticks=(), yticks=(),
                           frame_on=False))[..., :3].min()  # fmt: skip

    assert darkest(1.0) < 40
    assert darkest(0.4) == pytest.approx(255 - 0.4 * (255 - int(darkest(1.0))), abs=3)


def test_words_may_stick_out_of_the_picture():
    beyond = fresh(alone(text(-0.4, 0.5, "far to the left"), text(0.9, 1.1, "far to the right")))
    assert not np.array_equal(beyond, fresh(alone()))
