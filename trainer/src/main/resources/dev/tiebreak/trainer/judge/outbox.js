// Answers on their way. Each is kept in the browser's storage, under a name of its own, until the
// server has said that it has it: a reload, a crash or a second tab loses none and mixes none up.
// The same key goes with every attempt, so that the server counts it once.

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 8000;

/** Storage, or memory where the browser keeps nothing for this page. */
function storage() {
  try {
    localStorage.setItem("tiebreak/test", "1");
    localStorage.removeItem("tiebreak/test");
    return localStorage;
  } catch {
    const kept = new Map();
    return {
      getItem: (name) => kept.get(name) ?? null,
      setItem: (name, value) => kept.set(name, value),
      removeItem: (name) => kept.delete(name),
      key: (i) => [...kept.keys()][i] ?? null,
      get length() {
        return kept.size;
      },
    };
  }
}

export const store = storage();

/** 128 random bits; unlike randomUUID there without TLS too. */
export function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Asks the server once. Throws what has a status if it says no, and what has none if it says nothing. */
export async function ask(token, action, body) {
  const options = { cache: "no-store", credentials: "omit", redirect: "error" };
  if (body !== undefined) {
    options.method = "POST";
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(body);
  }
  const response = await fetch(`../api/${token}/${action}`, options);
  if (!response.ok) {
    const error = new Error(`${action}: ${response.status}`);
    error.status = response.status;
    throw error;
  }
  return response.json();
}

/** Whether asking again may help. */
export function isPassing(error) {
  return error.status === undefined || error.status === 429 || error.status >= 500;
}

/** Asks until there is an answer; tells whether it has to wait. */
export async function askUntilAnswered(token, action, body, waiting) {
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    try {
      const reply = await ask(token, action, body);
      waiting(false);
      return reply;
    } catch (error) {
      if (!isPassing(error)) {
        waiting(false);
        throw error;
      }
      waiting(true);
      await pauseOrOnline(pause);
    }
  }
}

function pauseOrOnline(millis) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", end);
      resolve();
    };
    const timer = setTimeout(end, millis);
    addEventListener("online", end);
  });
}

/** The answers of one sitting that the server has not confirmed. */
export class Outbox {
  #prefix;
  #token;
  #waiting;
  #running = null;
  #last = 0;

  constructor(token, waiting) {
    this.#token = token;
    this.#prefix = `tiebreak/${token}/answer/`;
    this.#waiting = waiting;
  }

  #names() {
    const names = [];
    for (let i = 0; i < store.length; i++) {
      const name = store.key(i);
      if (name !== null && name.startsWith(this.#prefix)) {
        names.push(name);
      }
    }
    return names.sort();
  }

  get size() {
    return this.#names().length;
  }

  /** Keeps an answer. Names sort by time. */
  add(answer) {
    this.#last = Math.max(Date.now(), this.#last + 1);
    store.setItem(`${this.#prefix}${this.#last}-${answer.key}`, JSON.stringify(answer));
  }

  /** Sends all, one after the other; gives the last reply, or null if there was nothing to send. */
  flush() {
    this.#running ??= this.#send().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #send() {
    let reply = null;
    let refused = false;
    for (let names = this.#names(); names.length > 0; names = this.#names()) {
      const answer = store.getItem(names[0]);
      if (answer !== null) {
        try {
          const one = await askUntilAnswered(
            this.#token, "answer", JSON.parse(answer), this.#waiting);
          refused ||= !one.accepted;
          reply = one;
        } catch {
          refused = true; // it can never be taken: nothing is gained by keeping it
        }
      }
      store.removeItem(names[0]);
    }
    return reply === null && !refused ? null : { sitting: reply, refused };
  }
}
