// Try the API: keeps the curl command up to date, asks, and shows the answer as it came.
const form = document.getElementById("try");
const curl = document.getElementById("try-curl");
const user = document.getElementById("try-user");
const token = document.getElementById("try-token");

// What the fields say: the path, and pairs for query, headers and body.
function asked() {
  let path = form.dataset.template;
  const found = { query: [], header: [], form: [] };
  for (const field of form.querySelectorAll("[data-place]")) {
    const { place } = field.dataset;
    const values = "list" in field.dataset ? field.value.split("\n").filter(Boolean) : [field.value];
    if (place === "path") {
      path = path.replace(`{${field.name}}`, field.value ? encodeURIComponent(field.value) : `{${field.name}}`);
    } else if (field.value || field.dataset.touched) {
      for (const value of values) found[place].push([field.name, value]);
    }
  }
  const query = found.query.map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
  return { path: query ? `${path}?${query}` : path, headers: found.header, body: found.form };
}

// In single quotes nothing is special to a shell but the quote itself.
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

function written() {
  const { path, headers, body } = asked();
  const { method, base } = form.dataset;
  const lines = [`curl -u ${quoted(user.value).slice(0, -1)}:'"$AUTH_TOKEN" ${quoted(base + path)}`];
  if (method !== "GET" && !(method === "POST" && body.length)) lines[0] = lines[0].replace("curl", `curl -X ${method}`);
  for (const [name, value] of headers) lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  for (const [name, value] of body) lines.push(`--data-urlencode ${quoted(`${name}=${value}`)}`);
  curl.textContent = lines.join(" \\\n     ");
}

function basic() {
  const bytes = new TextEncoder().encode(`${user.value}:${token.value}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

function show(status, note, body) {
  document.getElementById("try-status").textContent = status;
  document.getElementById("try-note").textContent = note;
  document.getElementById("try-body").textContent = body;
  const answer = document.getElementById("try-answer");
  answer.hidden = false;
  answer.scrollIntoView({ block: "nearest" });
}

async function ask() {
  const { path, headers, body } = asked();
  const { method } = form.dataset;
  const button = document.getElementById("try-send");
  button.disabled = true;
  try {
    const answer = await fetch(path, {
      method,
      headers: { Authorization: basic(), ...Object.fromEntries(headers) },
      body: method === "POST" ? new URLSearchParams(body) : undefined,
      credentials: "omit", // the console's own login has no say here
      redirect: "manual", // a file elsewhere is not this page's to fetch
    });
    if (answer.type === "opaqueredirect") {
      show("Elsewhere", "the answer leads to a file: ask with curl -i to see where", "");
      return;
    }
    const text = await answer.text();
    const note = `request ${answer.headers.get("X-Request-Id") ?? ""}`;
    show(`${answer.status} ${answer.statusText}`, note, text && pretty(text));
  } catch (error) {
    show("No answer", String(error), "");
  } finally {
    button.disabled = false;
  }
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

form.addEventListener("input", (event) => {
  if (event.target.dataset.place) event.target.dataset.touched = "yes"; // emptied on purpose: sent empty
  written();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  written();
  ask();
});
written();
