from backend.broken import get
