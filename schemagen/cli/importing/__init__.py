"""`schemagen import`: from an OpenAPI or JSON Schema file to the text of a module of pydantic models."""
