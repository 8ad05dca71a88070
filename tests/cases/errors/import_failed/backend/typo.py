from backend.fine import helo
