"""The notebooks themselves: their form, their solutions, and what their checks say to slips."""

import ast
import re
import symtable
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import pytest
from nbclient import NotebookClient

from utils.checks import EXERCISES

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
PATHS = sorted(FOLDER.glob("*.ipynb"))
each_notebook = pytest.mark.parametrize("path", PATHS, ids=lambda p: p.stem)


def read(path):
    return nbformat.read(path, as_version=4)


def tags(cell):
    return cell.metadata.get("tags", [])


def code_cells(book):
    return [c for c in book.cells if c.cell_type == "code"]


def has_picture(cell):
    return any("image/png" in o.get("data", {}) for o in cell.get("outputs", []))


def exercises_of(book):
    """Yield (stub, check, solution) cells, which must follow one another."""
    for i, cell in enumerate(book.cells):
        if "exercise" in tags(cell):
            yield book.cells[i : i + 3]


def called(check):
    """The exercise's object and the student's name in `checks.layer(layer)`."""
    return re.fullmatch(r"checks\.(\w+)\((\w+)\)", check.source.strip()).groups()


def test_the_notebooks_are_there_and_numbered():
    assert len(PATHS) >= 11
    assert [p.stem[:3] for p in PATHS] == [f"{k:02}_" for k in range(len(PATHS))]
    assert PATHS[0].stem == "00_start_here"
    assert all(re.fullmatch(r"\d\d_[a-z_]+", p.stem) for p in PATHS)


# -------- form


@each_notebook
def test_metadata_and_size(path):
    book = read(path)
    assert book.metadata.kernelspec.name == "python3"
    assert book.metadata.language_info.name == "python"
    assert path.stat().st_size < 1_500_000
    ids = [cell.id for cell in book.cells]
    assert len(set(ids)) == len(ids)


@each_notebook
def test_every_code_cell_is_executed_in_order(path):
    cells = code_cells(read(path))
    counts = [c.execution_count for c in cells]
    in_order = counts == list(range(1, len(cells) + 1))
    assert in_order, f"{path.name} is to be run: python3 -m utils refresh {path.stem[:2]}"


@each_notebook
def test_stored_outputs_hold_no_error_no_warning_and_no_path(path):
    for cell in code_cells(read(path)):
        for output in cell.outputs:
            assert output.output_type != "error", cell.source
            assert output.get("name") != "stderr", output.get("text")
            text = str({k: v for k, v in output.get("data", {}).items() if k != "image/png"})
            text += output.get("text", "")
            assert not re.search(r"(/home/|/root/|/tmp/|/work/|[A-Z]:\\)", text)


@each_notebook
def test_every_figure_has_a_caption_after_it_and_an_alternative_text(path):
    book = read(path)
    number = 0
    for cell, after in zip(book.cells, book.cells[1:], strict=False):
        if cell.cell_type == "code" and has_picture(cell):
            number += 1
            assert after.cell_type == "markdown"
            assert after.source.startswith(f"**Figure {number}.** "), after.source[:60]
            alt = cell.metadata.get("alt", "")
            assert len(alt) > 40, cell.source
            # JupyterLab gives an output's picture no alternative text, so the caption holds it
            words = f"<details><summary>In words</summary>\n\n{alt}\n</details>"
            before, fold, _ = after.source.partition(words)
            assert fold, after.source[:60]
            assert re.search(r"([.?!)]\*?|\$\$)$", before.rstrip()), "it cuts a sentence in two"
    assert number >= 1


@each_notebook
def test_an_explorer_has_a_stored_picture_something_to_try_a_question_and_its_answer(path):
    book = read(path)
    for cell, after in zip(book.cells, book.cells[1:], strict=False):
        if cell.cell_type == "code" and re.search(r"^explorers\.\w+\(", cell.source, re.M):
            (output,) = cell.outputs
            assert set(output.data) == {"text/plain", "image/png"}
            assert output.data["text/plain"].startswith("<explorer: ")
            (box,) = re.findall(r"^> \*\*Try it\.\*\* .*$", after.source, re.M)
            assert re.search(r"\*[A-Z][^*]*\?[^*]*\*", box)  # the question, in italics
            assert "<details><summary>Answer</summary>" in after.source


@each_notebook
def test_opening_and_closing(path):
    book = read(path)
    first = book.cells[0].source
    assert first.startswith(f"# {path.stem[:2]} · ")
    for heading in ("What you'll do", "What you'll learn", "What you'll need", "**Time**"):
        assert heading in first
    headings = [
        line for c in book.cells if c.cell_type == "markdown" for line in c.source.splitlines()
    ]
    closing = [h for h in headings if h.startswith("## ")][-3:]
    assert closing == ["## What you've learned", "## In practice", "## Further reading"]


@each_notebook
def test_the_budget_adds_up_to_at_most_an_hour(path):
    time = next(s for s in read(path).cells[0].source.splitlines() if s.startswith("| **Time**"))
    total = int(re.search(r"(\d+) minutes", time).group(1))
    parts = [int(m) for m in re.findall(r" (\d+)(?= ·|\. \*| \|)", time.split(":", 1)[1])]
    assert sum(parts) == total <= 60


@each_notebook
def test_the_opening_says_the_minutes_that_a_student_needs_alone(path):
    time = next(s for s in read(path).cells[0].source.splitlines() if s.startswith("| **Time**"))
    alone = int(re.search(r"alone about (\d+)", time).group(1))
    assert 25 <= alone <= 75


# -------- what is seen of the code

BACKING = "backing"  # the tag of a cell that only backs a sentence: folded, one line of output


def core_of(book):
    """The code cells before the hunts, what goes further, and the end."""
    for cell in book.cells:
        heads = re.findall(r"^## (.*)$", cell.source, re.M) if cell.cell_type == "markdown" else []
        if any(h.startswith(("Hunts", "Going further", "What you've learned")) for h in heads):
            return
        if cell.cell_type == "code":
            yield cell


def lines_of(cell):
    return [line for line in cell.source.splitlines() if line.strip()]


def is_backing(cell):
    return BACKING in cell.metadata.get("tags", ())


@each_notebook
def test_a_core_shows_few_lines_of_code_and_none_that_is_cut_at_the_edge_of_a_page(path):
    book = read(path)
    seen = [lines_of(cell) for cell in core_of(book) if not is_backing(cell)]
    assert sum(map(len, seen)) <= 90
    for lines in seen:
        assert len(lines) <= 15, lines[0]
    for cell in book.cells:
        if cell.cell_type == "code":
            imports = [line for line in lines_of(cell) if re.match("(import|from) ", line)]
            assert len(imports) <= 5, imports
            for line in cell.source.splitlines():
                assert len(line) <= 100, line


@each_notebook
def test_what_backs_a_sentence_is_folded_asserts_it_and_says_so_in_one_line(path):
    for cell in read(path).cells:
        folded = cell.metadata.get("jupyter", {}).get("source_hidden", False)
        assert folded == is_backing(cell), cell.source
        if folded:
            assert re.search(r"^\s*assert |\bconfirm\(", cell.source, re.M), cell.source
            (output,) = cell.outputs
            assert re.fullmatch(r"Checked: \S.*\.\n", output.text), output.text
            assert len(output.text) <= 161


@each_notebook
def test_links_between_notebooks_lead_somewhere(path):
    for cell in read(path).cells:
        for target in re.findall(r"\]\((?!http)([^)#\s]+)\)", cell.source):
            assert (FOLDER / target).exists(), target


@each_notebook
def test_details_can_hold_markdown(path):
    for cell in read(path).cells:
        if "<details>" in cell.source:
            assert cell.source.count("<details>") == cell.source.count("</details>")
            # Markdown inside <details> is rendered only after a blank line
            assert cell.source.count("</summary>") == cell.source.count("</summary>\n\n")


# -------- exercises


def test_every_exercise_has_its_place():
    places = {
        called(check)[0]: path.stem for path in PATHS for _, check, _ in exercises_of(read(path))
    }
    files = {name: e.cases.__module__.rpartition(".nb")[2] for name, e in EXERCISES.items()}
    for name, notebook in places.items():
        assert name in files, f"utils/checks/nb{notebook}.py should hold an Exercise named {name}"
    for name, file in files.items():
        assert name in places, f"notebooks/{file}.ipynb has no cell checks.{name}({name})"
        assert places[name] == file, f"{name} is in {places[name]}, and its check in nb{file}.py"
    for file in dict.fromkeys(files.values()):
        there, here = ([n for n in all_of if all_of[n] == file] for all_of in (places, files))
        assert here == there, f"utils/checks/nb{file}.py: its order should be {', '.join(there)}"
    assert len(places) > 20


@each_notebook
def test_exercises_are_stub_check_and_solution(path):
    for stub, check, solution in exercises_of(read(path)):
        assert "..." in stub.source
        assert set(tags(check)) == {"check", "raises-exception"}
        assert tags(solution) == ["solution"]
        assert solution.source.startswith("<details><summary>")
        assert "not attempted yet" in check.outputs[0].text


def solution_in(cell):
    return re.findall(r"```python\n(.*?)```", cell.source, re.DOTALL)[-1]


def names_in(code):
    """The notebook's names that code uses, and those that it makes (or changes an entry of)."""
    tables, used = [symtable.symtable(code, "cell", "exec")], set()
    made = {s.get_name() for s in tables[0].get_symbols() if s.is_assigned() or s.is_imported()}
    while tables:
        table = tables.pop()
        tables += table.get_children()
        top = table.get_type() == "module"
        used |= {s.get_name() for s in table.get_symbols()
                 if s.is_referenced() and (top or s.is_global())}  # fmt: skip
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
            made |= {n.id for n in ast.walk(node.value) if isinstance(n, ast.Name)}
    return used, made


def needed(sources, last):
    """Of the cells before the last one: those that make what it uses, and what these use."""
    wanted, found = names_in(last)[0], []
    for source in reversed(sources):
        used, made = names_in(source)
        if wanted & made:
            wanted = (wanted - made) | used
            found.insert(0, source)
    return found


def test_the_cells_that_a_cell_needs_are_found():
    cells = ["import numpy as np", "a = [1]", "b = np.ones(2)", "a[0] = 2", "print(b)", "c = a"]
    assert needed(cells, "c + 1") == ["a = [1]", "a[0] = 2", "c = a"]
    assert needed(cells, "def f(x):\n    return b + x") == ["import numpy as np", "b = np.ones(2)"]
    assert needed(cells, "x = 1") == []
    assert needed(["b = 1", "b = 2", "def f(b):\n    return b"], "f(b)") == [
        "b = 2", "def f(b):\n    return b"]  # fmt: skip


@each_notebook
def test_solutions_are_verified(path, capsys, monkeypatch):
    """Each in its stub's place, after the cells of the notebook that it needs."""
    monkeypatch.chdir(FOLDER)
    book = read(path)
    for stub, check, solution in exercises_of(book):
        exercise, _ = called(check)
        missing = f"utils/checks/nb{path.stem}.py should hold an Exercise named {exercise}"
        assert exercise in EXERCISES, missing
        before = [c.source for c in code_cells(book)[: code_cells(book).index(stub)]]
        answer = f"{solution_in(solution)}\n{check.source}"
        space = {}
        for source in [*needed(before, answer), answer]:
            capsys.readouterr()
            exec(compile(source, str(path), "exec"), space)
        assert capsys.readouterr().out.startswith(f"✓ {exercise}: verified")
    plt.close("all")


def test_in_a_kernel_a_slip_is_told_in_a_few_lines_without_a_traceback():
    first = {}
    for name, exercise in EXERCISES.items():
        file = f"utils/checks/{exercise.cases.__module__.rpartition('.')[2]}.py"
        assert exercise.slips, f"{file}: {name} knows no slip yet"
        first[name] = exercise.slips[0]
    book = nbformat.v4.new_notebook()
    for source in (
        "import sys\n\nsys.path.insert(0, '..')\nfrom utils import checks",
        *(f"checks.{name}(checks.{name}.slips[0].variant)" for name in first),
    ):
        tagged = {"tags": ["raises-exception"]} if source.startswith("checks") else {}
        book.cells.append(nbformat.v4.new_code_cell(source, metadata=tagged))
    for source in (
        "def layer(W, b, a):\n    return 1",
        "def layer(W, b, a)",
        "checks.layer(layer)",
    ):
        tagged = {"tags": ["raises-exception"]}
        book.cells.append(nbformat.v4.new_code_cell(source, metadata=tagged))
    NotebookClient(book, timeout=60, resources={"metadata": {"path": str(FOLDER)}}).execute()
    *checked, _, _, after_a_syntax_error = book.cells[1:]
    assert "from an earlier run" in after_a_syntax_error.outputs[0].evalue
    assert len(checked) == len(EXERCISES) > 20
    for cell, slip in zip(checked, first.values(), strict=True):
        (output,) = cell.outputs
        assert output.ename == "CheckFailed"
        assert slip.says in output.evalue
        assert "How to see it:" in output.evalue
        assert not any(".py" in line or "Traceback" in line for line in output.traceback)
        assert 2 <= len("\n".join(output.traceback).splitlines()) <= 12
