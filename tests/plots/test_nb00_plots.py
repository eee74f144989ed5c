"""The figures of notebook 00: what is drawn is asked of the artists, not of the pixels."""

import numpy as np
from axes import boxes_by_number, in_box
from matplotlib.colors import same_color

from utils import data, plots

# which notebook needs which
ROADS = {"00-01", "01-02", "02-03", "03-04", "03-06", "04-05", "05-06", "05-07", "05-08", "05-09",
         "09-10"}  # fmt: skip


def test_the_course_map_has_eleven_boxes():
    ax = plots.plot_course_map()
    assert len(ax.patches) == 11
    boxes = boxes_by_number(ax)
    assert sorted(boxes) == [f"{n:02}" for n in range(11)]
    for number, box in boxes.items():  # questions look different from the way there
        assert same_color(box.get_edgecolor(), plots.RED if number >= "07" else plots.BLUE)
        assert (box.get_linestyle() == "--") == (number >= "07")


def test_the_course_map_joins_what_needs_each_other():
    assert sorted(plots.ROADS) == sorted(ROADS)
    ax = plots.plot_course_map()
    boxes = boxes_by_number(ax)
    drawn = []
    for arrow in ax.texts:
        if getattr(arrow, "arrow_patch", None) is None:
            continue
        assert arrow.arrowprops["arrowstyle"] == "-|>"  # its head is at xy
        (start,) = (n for n, box in boxes.items() if in_box(box, arrow.xyann))
        (end,) = (n for n, box in boxes.items() if in_box(box, arrow.xy))
        drawn.append(f"{start}-{end}")
        for number, box in boxes.items():  # an arrow passes through no third box
            if number not in (start, end):
                way = np.linspace(arrow.xyann, arrow.xy, 40)
                assert not any(in_box(box, point, margin=0) for point in way)
    assert sorted(drawn) == sorted(ROADS)


def test_points_are_drawn_by_class_with_markers_that_differ():
    x, y = data.ten_points()
    ax = plots.plot_points(x, y, numbers=True)
    first, second = ax.collections
    assert np.allclose(first.get_offsets(), x[:, :5].T)
    assert np.allclose(second.get_offsets(), x[:, 5:].T)
    assert len(first.get_paths()[0]) != len(second.get_paths()[0])
    assert [t.get_text() for t in ax.texts] == [str(n) for n in range(1, 11)]


def test_the_two_segments_of_the_proof_cross_where_the_ring_is():
    x, y = data.ten_points()
    ax = plots.plot_crossing(x, y, (4, 5), (6, 9))
    *segments, ring = ax.lines
    (p0, p1), (q0, q1) = (np.array(line.get_data()).T for line in segments)
    assert np.allclose([p0, p1], x[:, [3, 4]].T)
    assert np.allclose([q0, q1], x[:, [5, 8]].T)
    meeting = np.ravel(ring.get_data())
    for u, v in ((p0, p1), (q0, q1)):  # between the ends of both
        share = (meeting - u) @ (v - u) / ((v - u) @ (v - u))
        assert 0 < share < 1
        assert np.allclose(meeting, (1 - share) * u + share * v)
    assert segments[0].get_linestyle() != segments[1].get_linestyle()


def test_the_points_that_no_segment_needs_are_pale():
    x, y = data.ten_points()
    discs, crosses = plots.plot_crossing(x, y, (4, 5), (6, 9)).collections
    assert list(discs.get_alpha()) == [0.3, 0.3, 0.3, 1, 1]
    assert list(crosses.get_alpha()) == [1, 0.3, 0.3, 1, 0.3]


def test_a_number_lies_on_no_segment():
    x, y = data.ten_points()
    ax = plots.plot_crossing(x, y, (4, 5), (6, 9))
    ax.figure.draw_without_rendering()
    for number in ax.texts:
        box = number.get_window_extent()
        for line in ax.lines[:2]:
            ends = ax.transData.transform(np.transpose(line.get_data()))
            way = np.linspace(*ends, 400)
            assert not any(box.contains(*point) for point in way), number.get_text()
