/** A page of twelve cells, each a query of its own, that all show the same number. */

import { StrictMode, startTransition, useState } from "react";
import { createRoot } from "react-dom/client";
import { asId, Client, fromDate, type CallError } from "@crm/backend";
import { api } from "@crm/backend/api";
import {
  SchemagenProvider,
  useAction,
  useConnectionState,
  useContractState,
  useMutation,
  useQuery,
} from "@crm/backend/react";

declare global {
  interface Window {
    start(address: string): void;
    stop(): void;
    client: Client;
    api: typeof api;
    sockets: WebSocket[];
    sent: { type: string; add?: unknown[]; remove?: unknown[] }[];
    seen: string[][];
  }
}

window.api = api;
window.sockets = [];
window.sent = [];
window.seen = [];

/** The browser's own WebSocket, with a look at what is sent. */
class WatchedSocket extends WebSocket {
  constructor(url: string) {
    super(url);
    window.sockets.push(this);
  }

  override send(data: string): void {
    window.sent.push(JSON.parse(data) as Window["sent"][number]);
    super.send(data);
  }
}

function Cell({ index }: { index: number }) {
  const cell = useQuery(api.cells.read, { index });
  return <span className="cell">{cell.status === "success" ? cell.data : cell.status}</span>;
}

function Cells() {
  const [count, setCount] = useState(12);
  const bump = useMutation(api.cells.bump);
  const bumpNow = useMutation(api.cells.bump, {
    optimistic: (local) => {
      for (const { args, value } of local.getAll(api.cells.read)) local.set(api.cells.read, args, value + 1);
    },
  });
  return (
    <div>
      <div id="cells">
        {Array.from({ length: count }, (_, index) => (
          <Cell key={index} index={index} />
        ))}
      </div>
      <button id="bump" onClick={() => void bump()} />
      <button id="bump-now" onClick={() => void bumpNow()} />
      <button id="more" onClick={() => startTransition(() => setCount((n) => n + 1))} />
    </div>
  );
}

function Column() {
  const [column, setColumn] = useState<string | null>(null);
  const [keepPrevious, setKeepPrevious] = useState(false);
  const cards = useQuery(api.cards.list, column === null ? "skip" : { column }, { keepPrevious });
  const free = useQuery(api.cards.free, column === null ? "skip" : { column });
  const add = useMutation(api.cards.add);
  const addNow = useMutation(api.cards.add, {
    optimistic: (local, { title, column }) => {
      const cards = local.get(api.cards.list, { column });
      const id = asId("cards", `cards_${local.callId}`);
      const card = { id, creationTime: fromDate(new Date()), title: `${title}?`, column: column ?? "a" };
      if (cards) local.set(api.cards.list, { column }, [...cards, card]);
    },
  });
  const shout = useAction(api.cards.shout);
  const [said, setSaid] = useState("");
  const titles = cards.data?.map((card) => card.title).join() ?? "-";
  return (
    <div>
      <p id="cards">{`${cards.status} ${titles} ${cards.isPending} ${cards.isStale}`}</p>
      <p id="free">
        {free.status === "error" ? `${free.error.code} ${free.error.message}` : `${free.status} ${free.data}`}
      </p>
      <p id="said">{said}</p>
      {["skip", "a", "b"].map((name) => (
        <button key={name} id={`column-${name}`} onClick={() => setColumn(name === "skip" ? null : name)} />
      ))}
      <button id="keep" onClick={() => setKeepPrevious(true)} />
      <button id="add" onClick={() => void add({ title: "card", column: column ?? "a" })} />
      <button
        id="add-now"
        onClick={() => addNow({ title: "new", column: column ?? "a" }).catch((error: CallError) => setSaid(error.code))}
      />
      <button id="shout" onClick={() => void shout({ text: "hey" }).then(setSaid)} />
    </div>
  );
}

function Line() {
  const { status, isSynced, retries } = useConnectionState();
  return <p id="line">{`${status} ${isSynced} ${retries}`}</p>;
}

function Fit() {
  const { status, functions } = useContractState();
  return <p id="fit">{`${status} ${functions.length}`}</p>;
}

window.start = (address) => {
  window.client = new Client(address, { webSocket: WatchedSocket });
  const root = createRoot(document.body.appendChild(document.createElement("div")));
  window.stop = () => root.unmount();
  root.render(
    <StrictMode>
      <SchemagenProvider client={window.client}>
        <Cells />
        <Column />
        <Line />
        <Fit />
      </SchemagenProvider>
    </StrictMode>,
  );
  const look = () => window.seen.push([...document.querySelectorAll(".cell")].map((cell) => cell.textContent ?? ""));
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
};
