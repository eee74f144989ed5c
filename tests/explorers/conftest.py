"""An explorer that a test may move."""

import pytest
from shown import MAKERS, lent


@pytest.fixture(params=MAKERS)
def explorer(request):
    """One that may be moved."""
    explorer = lent(request.param)
    for key, control in explorer.controls.items():
        control.value = explorer.start[key]
    return explorer
