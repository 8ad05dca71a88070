from shop.schema.work import Note as Note, Task as Task

__all__ = ["Note", "Task"]
