// The operator's page: counts and times, asked for again every ten seconds.

const EVERY = 10000;
const token = location.pathname.split("/").pop();

function fill(id, rows) {
  const body = document.getElementById(id);
  body.replaceChildren(
    ...rows.map((cells) => {
      const row = document.createElement("tr");
      for (const cell of cells) {
        row.append(Object.assign(document.createElement("td"), { textContent: cell }));
      }
      return row;
    }));
}

const time = (millis) => new Date(millis).toLocaleString();
const seconds = (millis) => (millis > 0 ? `${(millis / 1000).toFixed(1)} s` : "");

function linkState(link) {
  if (link.revoked) {
    return "revoked";
  }
  return link.begun >= link.cap ? "used" : "open";
}

async function update() {
  try {
    const response = await fetch(`../api/${token}/status`, { cache: "no-store" });
    if (!response.ok) {
      throw new Error(String(response.status));
    }
    const status = await response.json();
    document.getElementById("summary").textContent =
      `${status.given} of ${status.planned} planned judgments, ${status.judges.length} judges, ` +
      `${status.last_hour} answers in the last hour.`;
    fill("pairs", status.pairs.map((pairs, judgments) => [judgments, pairs]));
    fill("judges", status.judges.map((judge) => [
      judge.id, judge.answered, judge.total, judge.undone, seconds(judge.median_ms),
      time(judge.begun_at), time(judge.seen_at),
    ]));
    fill("links", status.links.map((link) => [
      link.number, link.open ? `up to ${link.cap} judges` : "one judge", link.begun,
      linkState(link),
    ]));
  } catch {
    document.getElementById("summary").textContent = "No connection to the server; trying again.";
  }
  setTimeout(update, EVERY);
}

update();
