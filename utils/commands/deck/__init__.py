"""What of a notebook stands on a slide, and what goes into the speaker's notes.

A deck is extracted, never written: headings, run-in heads, display formulas with the sentence that
leads to them, boxed lines, bold sentences, lists, *Predict*, figures with the first sentence of
their caption, and short code with its output stand on the slides; all prose goes into the notes.
Imports, folded cells, checks, solutions, *Going further* and the end stay out; hunts are an
appendix.

A cell's metadata may say otherwise. ``{"slideshow": {"slide_type": "slide"}}`` begins a new slide
with the cell, ``"skip"`` leaves it out, ``"notes"`` puts it into the notes. ``{"deck": "keep"}``
shows a cell in full, and holds its code where other code has to give way; ``{"deck": ["+Take a",
"-So"]}`` shows the sentence that begins with *Take a* and hides the one that begins with *So*.
"""
