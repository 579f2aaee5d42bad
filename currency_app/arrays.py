"""The types of the arrays that flow through the project."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
"""uint8 [height, width, 3]. Colour order BGR, as OpenCV gives it, unless a docstring says otherwise."""
Floats = npt.NDArray[np.float32]
"""float32 of the shape that the docstring names."""
Corners = npt.NDArray[np.float32]
"""float32 [4, 2], where a note lies: see `currency_app.recognition.corners`."""
Mask = npt.NDArray[np.bool_]
"""bool [height, width]: which pixels are meant."""
Drawing = npt.NDArray[Any]
"""A picture, [height, width, 3] BGR, while it is drawn: uint8 0..255, or floats in the same range between two steps."""
Numbers = npt.NDArray[Any]
"""Numbers of whatever dtype the calculation gives, if it does not matter which."""
