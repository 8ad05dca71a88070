/** What travels over the WebSocket, protocol 1; `docs/protocol.md` of schemagen says what each message means. */
/** The number of the protocol spoken here. */
export const protocol = 1;
