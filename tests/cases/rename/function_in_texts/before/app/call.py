import httpx

PATH = "billing.openInvoices"


def fetch(url: str) -> object:
    return httpx.post(f"{url}/api/query/billing.openInvoices", json={"path": "billing.openInvoicesOfToday"}).json()
