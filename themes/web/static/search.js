// Search over the index that the build made (Pagefind); results are links in a list.
const form = document.getElementById("search");
const words = document.getElementById("words");
const told = document.getElementById("told");
const found = document.getElementById("found");
const MOST = 20;
let turn = 0;

// An excerpt is text with <mark> around what was found; anything else in it stays text.
function excerpt(html) {
  const text = document.createElement("p");
  for (const part of html.split(/(<mark>.*?<\/mark>)/)) {
    const match = /^<mark>(.*)<\/mark>$/.exec(part);
    const node = match ? document.createElement("mark") : document.createTextNode(plain(part));
    if (match) node.textContent = plain(match[1]);
    text.append(node);
  }
  return text;
}

function plain(html) {
  return new DOMParser().parseFromString(`<p>${html}`, "text/html").body.textContent;
}

function entry(data) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = data.url;
  link.textContent = data.meta.title;
  const kind = document.createElement("span");
  kind.className = "note";
  kind.textContent = ` ${data.meta.kind || ""}`;
  item.append(link, kind, excerpt(data.excerpt));
  return item;
}

async function look(pagefind) {
  const mine = ++turn;
  const query = words.value.trim();
  history.replaceState(null, "", query ? `?q=${encodeURIComponent(query)}` : location.pathname);
  if (!query) {
    found.replaceChildren();
    told.textContent = "";
    return;
  }
  const { results } = await pagefind.search(query);
  const shown = await Promise.all(results.slice(0, MOST).map((result) => result.data()));
  if (mine !== turn) return; // something newer was typed meanwhile
  found.replaceChildren(...shown.map(entry));
  const more = results.length > MOST ? `, of which the first ${MOST} are shown` : "";
  told.textContent = results.length
    ? `${results.length} page${results.length === 1 ? "" : "s"} found${more}.`
    : "Nothing found. Try another word, or fewer of them.";
}

try {
  const pagefind = await import(form.dataset.index);
  await pagefind.options({ excerptLength: 28 });
  await pagefind.init();
  form.hidden = false;
  words.value = new URLSearchParams(location.search).get("q") || "";
  words.addEventListener("input", () => look(pagefind));
  form.addEventListener("submit", (event) => { event.preventDefault(); look(pagefind); });
  if (words.value) look(pagefind);
} catch {
  told.textContent = "The search cannot be loaded at the moment. The lists below lead everywhere.";
}
