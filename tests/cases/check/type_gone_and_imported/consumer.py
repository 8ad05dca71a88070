from crm.types import Filter

DEFAULT = Filter(text="Ada")
