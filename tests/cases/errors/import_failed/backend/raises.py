def setting(name: str) -> str:
    return {}[name]


HOST = setting("HOST")
