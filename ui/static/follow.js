// The page's one WebSocket: follows running turns, and comes back where it was.
// The messages are described in docs/architecture.md.

const PAUSES_MS = [250, 500, 1000, 2000, 5000];
const REFUSED_AFTER = 2;

/**
 * @param {object} on - called with what the server says:
 *   running(turns), chats(version), models(catalog), documents(), summary(chat), state("open" | "lost" | "refused")
 */
export function createFollower(language, on) {
  const heard = new Map(); // what some part of the page listens to by itself, by the type
  const followed = new Map(); // turn -> {after, views: Map of {frame, end, gone} by who looks}
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
    else if (message.type === 'models') on.models(message.catalog);
    else if (message.type === 'documents') on.documents();
    else if (message.type === 'summary') on.summary(message.chat);
    else if (heard.has(message.type)) heard.get(message.type)(message);
    else hearTurn(message);
  }

  function hearTurn(message) {
    const one = followed.get(message.turn);
    if (!one) return;
    if (message.type === 'frame') {
      one.after = message.seq;
      one.views.forEach((view) => view.frame(message));
      return;
    }
    followed.delete(message.turn);
    if (message.type === 'end') one.views.forEach((view) => view.end(message));
    else if (message.type === 'gone') one.views.forEach((view) => view.gone());
  }

  connect();
  return {
    isOpen,
    /** Follow a turn from its beginning; `view` has frame(message), end(message) and gone(). Two
     * parts of the page may look at one turn: whoever comes second has all begin anew. */
    follow(turn, view, who = 'chat') {
      const views = followed.get(turn)?.views ?? new Map();
      followed.set(turn, { after: 0, views: views.set(who, view) });
      if (isOpen()) ask(turn);
    },
    unfollow(turn, who = 'chat') {
      const views = followed.get(turn)?.views;
      if (!views?.delete(who) || views.size) return;
      followed.delete(turn);
      say({ type: 'unfollow', turn });
    },
    /** Call `listener` with every message of a type. */
    listen(type, listener) {
      heard.set(type, listener);
    },
    stop(turn) {
      say({ type: 'stop', turn });
    },
  };
}
