// The page's one WebSocket: follows running turns, and comes back where it was.
// The messages are described in docs/architecture.md.

const PAUSES_MS = [250, 500, 1000, 2000, 5000];
const REFUSED_AFTER = 2;

/**
 * @param {object} on - called with what the server says:
 *   running(turns), chats(version), models(), state("open" | "lost" | "refused")
 */
export function createFollower(language, on) {
  const followed = new Map(); // turn -> {after, frame, end, gone}
  let socket = null;
  let failures = 0;
  let everOpen = false;

  const isOpen = () => socket?.readyState === WebSocket.OPEN;
  const say = (message) => { if (isOpen()) socket.send(JSON.stringify(message)); };
  const ask = (turn) => say({ type: 'follow', turn, after: followed.get(turn).after });

  function connect() {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    try {
      socket = new WebSocket(`${scheme}://${location.host}/ws?lang=${language}`);
    } catch {
      lost();
      return;
    }
    socket.onopen = opened;
    socket.onmessage = (event) => hear(JSON.parse(event.data));
    socket.onclose = lost;
  }

  function opened() {
    failures = 0;
    everOpen = true;
    on.state('open');
    for (const turn of followed.keys()) ask(turn);
  }

  function lost() {
    failures += 1;
    on.state(!everOpen && failures >= REFUSED_AFTER ? 'refused' : 'lost');
    setTimeout(connect, PAUSES_MS[Math.min(failures, PAUSES_MS.length) - 1]);
  }

  function hear(message) {
    if (message.type === 'running') on.running(message.turns);
    else if (message.type === 'chats') on.chats(message.version);
    else if (message.type === 'models') on.models();
    else hearTurn(message);
  }

  function hearTurn(message) {
    const view = followed.get(message.turn);
    if (!view) return;
    if (message.type === 'frame') {
      view.after = message.seq;
      view.frame(message);
      return;
    }
    followed.delete(message.turn);
    if (message.type === 'end') view.end(message);
    else if (message.type === 'gone') view.gone();
  }

  connect();
  return {
    isOpen,
    /** Follow a turn from its beginning; `view` has frame(message), end(message) and gone(). */
    follow(turn, view) {
      followed.set(turn, { after: 0, ...view });
      if (isOpen()) ask(turn);
    },
    unfollow(turn) {
      if (followed.delete(turn)) say({ type: 'unfollow', turn });
    },
    stop(turn) {
      say({ type: 'stop', turn });
    },
  };
}
