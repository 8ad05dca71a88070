from shop.tasks.reading import list_

__all__ = ["list_"]
