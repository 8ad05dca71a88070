from typing import Literal

Stage = Literal["lead"]
