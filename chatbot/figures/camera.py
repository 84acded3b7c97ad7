"""A camera without perspective: places in the room -> places in a picture."""

import numpy as np

from chatbot.figures.joints import Array
from chatbot.figures.pose import View


class Camera:
    """Looks at a person from `view`: degrees around (0: from the right, 90: from the front) and degrees from above."""

    def __init__(self, view: View) -> None:
        around, above = np.radians(view)
        level = np.array([-np.sin(around), np.cos(around), 0.0])
        up = np.array([0.0, 0.0, 1.0])
        self.from_above = view[1] != 0
        self.right = np.array([np.cos(around), np.sin(around), 0.0])
        self.ahead = level * np.cos(above) - up * np.sin(above)
        self.up = up * np.cos(above) + level * np.sin(above)

    def seen(self, points: Array) -> Array:
        """Where points are: to the right, up, and away from the viewer, shape (points, 3), in metres."""
        return np.stack([points @ self.right, points @ self.up, points @ self.ahead], axis=-1)

    def in_room(self, right: Array, up: Array, away: Array) -> Array:
        """The places in the room of places in the picture, shape (…, 3)."""
        places: Array = right[..., None] * self.right + up[..., None] * self.up + away[..., None] * self.ahead
        return places
