"""How soon an explorer follows a key: JupyterLab, Chromium, from the key to the new picture.

Each explorer's first slider gets the same presses, one at a time; the clock runs from the key's
event in the page until the frame after the new picture is decoded. Plain `interact`, drawing the
same as the explorer of notebook 01 with Matplotlib, is measured in the same run: machines differ,
the ratio hardly does. Screens show a new frame every 17 ms, so times come in such steps.
"""

import statistics
import tempfile
import time
from pathlib import Path

import nbformat
from browser import WATCH, Window, make_course, running_browser, running_lab

START = "import sys\n\nsys.path.insert(0, '..')\nfrom utils import explorers, plots\n"
INTERACT = """
import ipywidgets
import matplotlib.pyplot as plt
import numpy as np

from utils.activations import sigmoid
from utils.data import ten_points
from utils.explorers.parts import SQUARE, over_square

plots.use_course_style()
x, y = ten_points()
first = y[0] > 0.5
line = np.linspace(-12, 12, 241)


def show(w1=4.0, w2=-2.0, b=0.5):
    w = np.array([w1, w2])
    _, (left, right) = plt.subplots(1, 2, figsize=(8.0, 3.4))
    a = over_square(sigmoid(w @ SQUARE + b))
    left.imshow(a, origin="lower", extent=(0, 1, 0, 1), cmap=plots.SOFT, vmin=0, vmax=1,
                interpolation="bilinear")
    right.plot(line, sigmoid(line), color="black")
    for chosen, marker, colour in ((first, "o", plots.BLUE), (~first, "X", plots.RED)):
        z = w @ x[:, chosen] + b
        left.plot(*x[:, chosen], ls="", marker=marker, color=colour)
        right.plot(z, sigmoid(z), ls="", marker=marker, color=colour)
    plt.show()


ipywidgets.interact(show, w1=(-10.0, 10.0, 0.5), w2=(-10.0, 10.0, 0.5), b=(-10.0, 10.0, 0.5));
"""
NET = (
    "from utils.network import Network\n"
    "net = Network({2: [[-20.0, -10.0], [0.0, 40.0]], 3: [[10.0, 10.0]]},\n"
    "              {2: [[11.0], [-30.0]], 3: [[-5.0]]})\n"
)
SMALL = (
    "from utils.network import Network\n"
    "net = Network({2: [[2.0, -1.0], [-2.0, 3.0]], 3: [[3.0, -2.0]]},\n"
    "              {2: [[0.0], [-1.0]], 3: [[-0.5]]})\n"
)
CASES = {
    "interact, as 01": INTERACT,
    "00 tangent": "explorers.tangent()",
    "01 neuron": "explorers.neuron()",
    "02 best_linear_map": "explorers.best_linear_map()",
    "02 layer_jacobian": "explorers.layer_jacobian([[2.0, -1.5], [0.4, 0.5], [-1.0, -1.2]])",
    "03 backward_pass": f"{SMALL}explorers.backward_pass(net)",
    "04 weight_derivatives": f"{SMALL}explorers.weight_derivatives(net)",
    "05 training_film": "explorers.training_film()",
    "06 gradient_at_a_point": f"{NET}explorers.gradient_at_a_point(net)",
    "07 coding_of_labels": "explorers.coding_of_labels()",
    "08 loss_of_a_neuron": "explorers.loss_of_a_neuron()",
    "08 two_starts": f"{SMALL}explorers.two_starts(net)",
    "09 sampling_distribution": "explorers.sampling_distribution()",
    "10 six_lines": "explorers.six_lines()",
}


def delays(page, presses):
    """Milliseconds from each key press to the new picture."""
    page.tab.evaluate(WATCH)
    page.tab.locator(".noUi-handle").first.focus()
    found = []
    for i in range(presses + 3):
        before = page.tab.evaluate("seen.times.length")
        page.tab.keyboard.press("ArrowRight" if i // 2 % 2 == 0 else "ArrowLeft")
        page.tab.wait_for_function("n => seen.times.length > n", arg=before, timeout=10_000)
        time.sleep(0.25)
        shown, pressed = page.tab.evaluate("n => seen.times[n]", before)
        found.append(shown - pressed)
    return sorted(found[3:])  # the first ones warm up


def main(presses=40):
    with tempfile.TemporaryDirectory() as folder:
        course = make_course(Path(folder) / "course")
        rows = {}
        with running_lab(course) as address, running_browser() as chromium:
            window = Window(chromium, address)
            for name, code in CASES.items():
                book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(START + code)])
                book.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
                nbformat.write(book, course / "work" / "measured.ipynb")
                page = window.open("work/measured.ipynb")
                page.run_all()
                page.tab.locator(".noUi-handle").first.wait_for()
                time.sleep(1)
                rows[name] = delays(page, presses)
                page.close()
                report(name, rows[name], rows["interact, as 01"])


def report(name, found, other):
    median, most = statistics.median(found), found[int(0.9 * len(found))]
    ratio = statistics.median(other) / median
    print(f"{name:26} median {median:4.0f} ms   90 % {most:4.0f} ms   interact / this {ratio:.1f}",
          flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
